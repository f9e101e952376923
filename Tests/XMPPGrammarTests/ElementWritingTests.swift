import Testing
import XMPPGrammar

@Suite
struct ElementWritingTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var element: Element
        var defaultNamespace = Namespace.client
        var text: String

        var testDescription: String { text }
    }

    static let rows = [
        Row(element: Element("iq", Namespace.client), text: "<iq/>"),
        Row(
            element: Element("iq", Namespace.client),
            defaultNamespace: Namespace.server,
            text: "<iq xmlns='jabber:client'/>"
        ),
        Row(element: Element("body", Namespace.client, text: "Hark"), text: "<body>Hark</body>"),
        Row(
            element: Element("a", "urn:a", children: [.element(Element("b", "urn:a"))]),
            text: "<a xmlns='urn:a'><b/></a>"
        ),
        Row(
            element: Element("a", "urn:a", children: [.element(Element("b", Namespace.client))]),
            text: "<a xmlns='urn:a'><b xmlns='jabber:client'/></a>"
        ),
        Row(
            element: Element("a", "", children: [.element(Element("b", ""))]),
            text: "<a xmlns=''><b/></a>"
        ),
        Row(element: Element("a", "urn:a&'b'"), text: "<a xmlns='urn:a&amp;&apos;b&apos;'/>"),
        Row(
            element: Element(
                "features",
                Namespace.stream,
                children: [.element(Element("starttls", Namespace.tls))]
            ),
            defaultNamespace: Namespace.server,
            text: "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>"
        ),
        Row(
            element: Element("x", Namespace.stream, children: [.element(Element("y", Namespace.server))]),
            defaultNamespace: Namespace.server,
            text: "<stream:x><y/></stream:x>"
        ),
        Row(
            element: Element("result", Namespace.dialback, text: "37c6"),
            defaultNamespace: Namespace.server,
            text: "<db:result xmlns:db='jabber:server:dialback'>37c6</db:result>"
        ),
        Row(
            element: Element(
                "status",
                Namespace.client,
                attributes: [
                    Attribute(name: "lang", namespace: Namespace.xml, value: "cs"),
                    Attribute(name: "x", namespace: "urn:x", value: "1"),
                    Attribute(name: "x", value: "2"),
                ]
            ),
            text: "<status xml:lang='cs' xmlns:ns1='urn:x' ns1:x='1' x='2'/>"
        ),
    ]

    @Test(arguments: rows)
    func `an element is written with its namespaces where they change`(_ row: Row) {
        #expect(written(row.element, row.defaultNamespace) == row.text)
    }

    @Test(arguments: [
        ("a&b<c>d\"e'f", "a&amp;b&lt;c&gt;d&quot;e&apos;f", "a&amp;b&lt;c&gt;d\"e'f"),
        ("line\r\nline\ttab", "line&#13;&#10;line&#9;tab", "line&#13;\nline\ttab"),
        ("]]>", "]]&gt;", "]]&gt;"),
        ("Romeo ♥ 👨‍👩‍👧 ﷽", "Romeo ♥ 👨‍👩‍👧 ﷽", "Romeo ♥ 👨‍👩‍👧 ﷽"),
        ("bell\u{7}", "bell\u{FFFD}", "bell\u{FFFD}"),
        ("\u{0}\u{1B}[0m\u{B}", "\u{FFFD}\u{FFFD}[0m\u{FFFD}", "\u{FFFD}\u{FFFD}[0m\u{FFFD}"),
        ("\u{FFFE}x\u{FFFF}", "\u{FFFD}x\u{FFFD}", "\u{FFFD}x\u{FFFD}"),
        (
            "\u{FFFD}\u{FEFF}\u{FFBE}\u{EFFF}", "\u{FFFD}\u{FEFF}\u{FFBE}\u{EFFF}",
            "\u{FFFD}\u{FEFF}\u{FFBE}\u{EFFF}"
        ),
        ("\u{7F}\u{85}", "\u{7F}\u{85}", "\u{7F}\u{85}"),
        ("", "", ""),
    ])
    func `values and text are escaped, and no character leaves that XML cannot carry`(
        _ text: String,
        _ attribute: String,
        _ content: String
    ) {
        let element = Element(
            "a",
            Namespace.client,
            attributes: [Attribute(name: "v", value: text)],
            children: [.text(text)]
        )
        #expect(written(element) == "<a v='\(attribute)'>\(content)</a>")
    }

    @Test(arguments: [
        ("body", "body"), ("größe", "größe"), ("名", "名"), ("_x-1.y", "_x-1.y"), ("a><evil/>", "a__evil__"),
        ("1st", "_st"), ("a b", "a_b"), ("stream:error", "stream_error"), ("", "_"), ("a\u{0}", "a_"),
        ("-a", "_a"),
    ])
    func `a name that XML does not have cannot break out of its tag`(_ name: String, _ expected: String) {
        var element = Element(name, Namespace.client)
        #expect(written(element) == "<\(expected)/>")
        element = Element("a", Namespace.client, attributes: [Attribute(name: name, value: "")])
        #expect(written(element) == "<a \(expected)=''/>")
    }

    @Test
    func `an attribute is written once, and no attribute declares a namespace`() {
        let element = Element(
            "a",
            Namespace.client,
            attributes: [
                Attribute(name: "x", value: "1"), Attribute(name: "x", value: "2"),
                Attribute(name: "xmlns", value: "urn:x"),
                Attribute(name: "p", namespace: Namespace.xmlns, value: "urn:p"),
            ]
        )
        #expect(written(element) == "<a x='1'/>")
    }

    @Test
    func `writing adds to what is there`() {
        var octets = Array("<x/>".utf8)
        Element("y", Namespace.client).write(into: &octets, defaultNamespace: Namespace.client)
        #expect(String(decoding: octets, as: UTF8.self) == "<x/><y/>")
    }

    private func written(_ element: Element, _ defaultNamespace: String = Namespace.client) -> String {
        String(decoding: element.octets(defaultNamespace: defaultNamespace), as: UTF8.self)
    }
}
