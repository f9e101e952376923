import Payloads
import Testing
import XMPPGrammar

@Suite("Writing HTML")
struct HTMLWritingTests {
    private func element(
        _ name: String,
        _ attributes: [String: String] = [:],
        _ children: [Node] = []
    ) -> Element {
        var element = Element(name, Namespace.xhtml, children: children)
        for (name, value) in attributes.sorted(by: { $0.key < $1.key }) { element[name] = value }
        return element
    }

    private func wrapped(_ children: [Node], language: String? = nil) -> Element {
        var body = element("body", [:], children)
        body.language = language
        return Element("html", Namespace.xhtmlIM, children: [.element(body)])
    }

    private func text(_ html: Element, language: String? = nil) -> String? {
        HTMLText.octets(of: html, language: language).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `XHTML-IM becomes HTML`() {
        let html = wrapped([
            .element(
                element(
                    "p",
                    ["style": "color: red; x: y", "onclick": "x()"],
                    [.text("a < \"b\" & c"), .element(element("br"))]
                )
            ),
            .element(element("a", ["href": "http://a.example/?b&c"], [.text("link")])),
            .element(element("span", [:])),
        ])
        #expect(
            text(html)
                == "<html><body><p style=\"color: red\">a &lt; &quot;b&quot; &amp; c<br></p>"
                + "<a href=\"http://a.example/?b&amp;c\">link</a><span></span></body></html>"
        )
    }

    @Test func `what is not of the profile gives only its content`() {
        let html = wrapped([
            .element(element("script", [:], [.element(element("em", [:], [.text("x")]))])),
            .element(Element("em", "urn:other", children: [.text("y")])),
            .element(element("a", ["href": "javascript:x"], [.text("z")])),
            .element(element("img", ["src": "data:x", "alt": "<cat>"])),
            .element(element("b", [:], [.text("bold")])),
            .element(element("div", [:], [.text("div")])),
        ])
        #expect(
            text(html)
                == "<html><body><em>x</em>y<a>z</a>&lt;cat&gt;<strong>bold</strong><div>div</div></body></html>"
        )
    }

    @Test func `the body in the language asked for is taken, else the first`() {
        var html = wrapped([.text("hello")], language: "en")
        html.append(wrapped([.text("hallo")], language: "de").elements[0])
        #expect(text(html, language: "de") == "<html><body>hallo</body></html>")
        #expect(text(html, language: "fr") == "<html><body>hello</body></html>")
        #expect(text(Element("html", Namespace.xhtmlIM)) == nil)
    }

    @Test func `however deep, the text is there`() {
        var inner = Node.text("deep")
        for _ in 0..<100 { inner = .element(element("em", [:], [inner])) }
        let printed = text(wrapped([inner]))
        #expect(printed?.contains("deep") == true)
    }

    @Test func `what was written reads the same`() throws {
        let source =
            "<p>Hello <strong>world</strong> &amp; <a href='http://a.example'>all</a></p><ul><li>x</li></ul>"
        let first = try #require(HTMLText(source).xhtml)
        let printed = try #require(text(first))
        let second = try #require(HTMLText(printed).xhtml)
        #expect(first == second)
    }
}
