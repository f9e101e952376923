import Payloads
import Testing
import XMPPGrammar

@Suite("HTML")
struct HTMLTextTests {
    /// The XHTML body's content as it goes over the wire; nil when there is none.
    private func markup(_ html: String, limits: HTMLText.Limits = HTMLText.Limits()) -> String? {
        guard let body = HTMLText(html, limits: limits).xhtml?.first("body", Namespace.xhtml) else {
            return nil
        }
        let text = String(decoding: body.octets(defaultNamespace: Namespace.xhtml), as: UTF8.self)
        return String(text.dropFirst("<body>".count).dropLast("</body>".count))
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let html: String
        let markup: String
        let plain: String
        var testDescription: String { html }

        init(_ html: String, _ markup: String, _ plain: String) {
            self.html = html
            self.markup = markup
            self.plain = plain
        }
    }

    static let texts = [
        Row("hi!", "hi!", "hi!"),
        Row(
            "<html><body><p>Hello <b>world</b></p></body></html>",
            "<p>Hello <strong>world</strong></p>",
            "Hello world"
        ),
        Row("a<br>b<br/>c", "a<br/>b<br/>c", "a\nb\nc"),
        Row("a<br><br>b", "a<br/><br/>b", "a\n\nb"),
        Row("  many   \r\n\t blanks  ", "many blanks", "many blanks"),
        Row("a <i> b </i> c", "a <em>b</em> c", "a b c"),
        Row("<div>one</div><div>two</div>", "one<br/>two", "one\ntwo"),
        Row("<div><div>one</div></div>tail", "one<br/>tail", "one\ntail"),
        Row("<p>one<p>two", "<p>one</p><p>two</p>", "one\ntwo"),
        Row("<ul><li>one<li>two</ul>x", "<ul><li>one</li><li>two</li></ul>x", "one\ntwo\nx"),
        Row("<h1>Act II</h1>Scene 2", "<strong>Act II</strong><br/>Scene 2", "Act II\nScene 2"),
        Row("<pre>a\n  b</pre>", "a<br/>  b", "a\n  b"),
        Row("<blockquote>q</blockquote>", "<blockquote>q</blockquote>", "q"),
        Row(
            "<u>u</u><s>s</s>",
            "<span style='text-decoration: underline'>u</span><span style='text-decoration: line-through'>s</span>",
            "us"
        ),
        Row(
            "<font color=\"#ff0000\" size=5>r</font>",
            "<span style='color: #ff0000; font-size: x-large'>r</span>",
            "r"
        ),
        Row(
            "a &lt;b&gt; &amp; &eacute;&#233;&#xE9; &nosuch; &amp",
            "a &lt;b&gt; &amp; ééé &amp;nosuch; &amp;",
            "a <b> & ééé &nosuch; &"
        ),
        Row("x&#7;y&#0;z&#x110000;&#128;", "x\u{FFFD}y\u{FFFD}z\u{FFFD}€", "x\u{FFFD}y\u{FFFD}z\u{FFFD}€"),
        Row("5 < 6 and 7 > 3", "5 &lt; 6 and 7 &gt; 3", "5 < 6 and 7 > 3"),
        Row("<b><i>x</b>y</i>", "<strong><em>x</em></strong>y", "xy"),
        Row("</p></b>x", "x", "x"),
        Row("<table><tr><td>a</td></tr><tr><td>b</td></tr></table>", "a<br/>b", "a\nb"),
    ]

    @Test(arguments: texts)
    func `markup that everybody knows is kept`(_ row: Row) {
        #expect(markup(row.html) == row.markup)
        #expect(HTMLText(row.html).plain == row.plain)
    }

    static let dangers = [
        Row("a<script>alert('<p>1</p>')</script>b", "ab", "ab"),
        Row("a<SCRIPT src=x>bad</ScRiPt >b", "ab", "ab"),
        Row("a<style>p{}</style>b<title>t</title>", "ab", "ab"),
        Row("a<!-- <b>no</b> -->b<!-->c<!DOCTYPE x><?php x ?>d", "abcd", "abcd"),
        Row("a<script>never closed", "a", "a"),
        Row("<p onclick='x()' id=i class=c>t</p>", "<p>t</p>", "t"),
        Row("<a href='javascript:alert(1)'>t</a>", "t", "t"),
        Row("<a href=' java\tscript:alert(1)'>t</a>", "t", "t"),
        Row("<a href='&#106;avascript:alert(1)'>t</a>", "t", "t"),
        Row("<a href='data:text/html,x'>t</a><a href='//evil.example'>u</a><a>v</a>", "tuv", "tuv"),
        Row("<img src='javascript:x' alt='a cat'>", "a cat", "a cat"),
        Row(
            "<img src=http://a.example/c.png onerror=x width=10 height=1x>",
            "<img alt='' src='http://a.example/c.png' width='10'/>",
            ""
        ),
        Row("<iframe src=x>no</iframe><object><b>yes</b></object>", "<strong>yes</strong>", "yes"),
        Row(
            "<p style='color: red; background: url(x); position:fixed'>t</p>",
            "<p style='color: red'>t</p>",
            "t"
        ),
        Row(
            "<p style='color: expression(x)'>t</p><p style='font-family:\\62'>u</p>",
            "<p>t</p><p>u</p>",
            "tu"
        ),
        Row("<svg><script>x</script><text>t</text></svg>", "t", "t"),
    ]

    @Test(arguments: dangers)
    func `what could do harm goes`(_ row: Row) throws {
        let html = HTMLText(row.html)
        #expect(html.plain.filter { $0 != "\n" } == row.plain)
        guard !row.plain.isEmpty else {
            #expect(html.xhtml == nil)
            return
        }
        let expected = row.markup
        #expect(markup(row.html) == expected)
    }

    @Test(arguments: [
        "http://a.example/?b&amp;c", "https://a.example", "mailto:romeo@example.net",
        "xmpp:romeo@example.net",
        "sip:romeo@example.net", "tel:+15551234", "HTTP://A.EXAMPLE",
    ])
    func `links of harmless schemes are kept`(_ address: String) {
        #expect(markup("<a href=\"\(address)\" target=x>t</a>") == "<a href='\(address)'>t</a>")
    }

    @Test func `the wrapper is that of XEP-0071`() throws {
        let html = try #require(HTMLText("<b>hi</b>").xhtml)
        #expect(html.name == "html" && html.namespace == Namespace.xhtmlIM)
        #expect(
            String(decoding: html.octets(defaultNamespace: Namespace.client), as: UTF8.self)
                == "<html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='http://www.w3.org/1999/xhtml'>"
                + "<strong>hi</strong></body></html>"
        )
        #expect(HTMLText("<p> </p><script>x</script>").xhtml == nil)
    }

    @Test func `beyond the limits the text stays and the markup goes`() {
        let deep =
            String(repeating: "<b>", count: 100) + "x" + String(repeating: "</b>", count: 99) + "y</b>z"
        let limits = HTMLText.Limits(depth: 3, elements: 5, octets: 1000)
        #expect(markup(deep, limits: limits) == "<strong><strong><strong>x</strong></strong>y</strong>z")
        let many = String(repeating: "<b>x</b>", count: 6)
        #expect(HTMLText(many, limits: limits).xhtml == nil)
        #expect(HTMLText(many, limits: limits).plain == "xxxxxx")
        let long = String(repeating: "x", count: 1001)
        #expect(HTMLText(long, limits: limits).xhtml == nil)
        #expect(HTMLText(long, limits: limits).plain == long)
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            "<", "</", "<!", "<!--", "<a ", "<a href=\"", "&", "&#", "&amp", "<b>", "<p>", "<x>a</x>",
            "<script>", "</script",
            "<ul><li>", "<pre>\n", "a ", "\u{301}", "<style></style", "--", "<b>x</b>",
        ]
    )
    func `nothing takes more than its share of time`(_ unit: String) {
        let html = HTMLText(String(repeating: unit, count: 200_000 / unit.utf8.count))
        #expect(html.plain.utf8.count <= 400_000)
    }
}
