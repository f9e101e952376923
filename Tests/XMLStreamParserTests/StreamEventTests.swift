import Testing
import XMPPGrammar
import XMPPTransport

@Suite
struct StreamEventTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var text: String
        var events: [StreamEvent]

        var testDescription: String { text }
    }

    static func body(_ children: [Node]) -> StreamEvent {
        .element(
            Element(
                "message",
                Namespace.client,
                children: [.element(Element("body", Namespace.client, children: children))]
            )
        )
    }

    static let rows = [
        Row(text: "", events: []),
        Row(text: " \n\t", events: []),
        Row(text: "</stream:stream>", events: [.closed]),
        Row(text: "</stream:stream> what follows <is ignored", events: [.closed]),
        Row(text: "<iq/>", events: [.element(Element("iq", Namespace.client))]),
        Row(
            text: "\n<iq />\n<iq></iq >\n",
            events: Array(repeating: .element(Element("iq", Namespace.client)), count: 2)
        ),
        Row(text: "<message><body>Hark</body></message>", events: [body([.text("Hark")])]),
        Row(
            text: "<message><body>a&amp;b&lt;&gt;&apos;&quot;</body></message>",
            events: [body([.text("a&b<>'\"")])]
        ),
        Row(text: "<message><body>&#x1F339;&#9829;&#13;</body></message>", events: [body([.text("🌹♥\r")])]),
        Row(text: "<message><body>a\r\nb\rc</body></message>", events: [body([.text("a\nb\nc")])]),
        Row(
            text: "<message><body>x<![CDATA[<b>&amp;]] ]>]]>y</body></message>",
            events: [body([.text("x<b>&amp;]] ]>y")])]
        ),
        Row(text: "<message><body><![CDATA[]]></body></message>", events: [body([])]),
        Row(text: "<message><body>größe 名 🌹</body></message>", events: [body([.text("größe 名 🌹")])]),
        Row(
            text: "<iq type='get' id=\"it's\" x='a&#10;b\nc' y='&gt;>' z='&amp;lt;&#38;&quot;&apos;&lt;'/>",
            events: [
                .element(
                    Element(
                        "iq",
                        Namespace.client,
                        attributes: [
                            Attribute(name: "type", value: "get"), Attribute(name: "id", value: "it's"),
                            Attribute(name: "x", value: "a\nb c"), Attribute(name: "y", value: ">>"),
                            Attribute(name: "z", value: "&lt;&\"'<"),
                        ]
                    )
                )
            ]
        ),
        Row(
            text: "<iq><q xmlns='urn:q' xmlns:p='urn:p' p:a='1' xml:lang='de'><p:r/><s xmlns=''/></q></iq>",
            events: [
                .element(
                    Element(
                        "iq",
                        Namespace.client,
                        children: [
                            .element(
                                Element(
                                    "q",
                                    "urn:q",
                                    attributes: [
                                        Attribute(name: "a", namespace: "urn:p", value: "1"),
                                        Attribute(name: "lang", namespace: Namespace.xml, value: "de"),
                                    ],
                                    children: [.element(Element("r", "urn:p")), .element(Element("s", ""))]
                                )
                            )
                        ]
                    )
                )
            ]
        ),
        Row(
            text: "<x xmlns='no URI: %ü&amp;'/><x xmlns='relative'/>",
            events: [.element(Element("x", "no URI: %ü&")), .element(Element("x", "relative"))]
        ),
        Row(
            text: "<stream:features><dialback xmlns='urn:xmpp:features:dialback'/></stream:features>",
            events: [
                .element(
                    Element(
                        "features",
                        Namespace.stream,
                        children: [.element(Element("dialback", Namespace.dialbackFeature))]
                    )
                )
            ]
        ),
        Row(
            text: "<db:result>37c6</db:result>",
            events: [.element(Element("result", Namespace.dialback, text: "37c6"))]
        ),
    ]

    @Test(arguments: rows)
    func `a stream says what its octets mean`(_ row: Row) {
        #expect(Streams.readOpen(row.text) == Streams.Outcome(events: row.events))
    }

    @Test(arguments: rows, [1, 2, 3, 7])
    func `octets in pieces say the same as at once`(_ row: Row, _ piece: Int) {
        #expect(Streams.readOpen(row.text, piece: piece) == Streams.Outcome(events: row.events))
    }

    @Test
    func `the header is told with what it declares`() {
        #expect(Streams.read(Streams.opening) == Streams.Outcome(events: [.opened(Streams.header)]))
        #expect(Streams.header.declaresDialback)
        #expect(Streams.header.fault == nil)
    }

    @Test(arguments: [
        "<?xml version='1.0'?>", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
        "<?xml version='1.0' encoding='utf-8' ?>",
        "<?xml version = '1.0' standalone='no'?>",
        "<?xml\nversion='1.0'\tencoding='UTF-8' standalone='yes'?>",
        "<?xml version='1.1'?>", "", " \n", "\n<?xml version='1.0'?>\n",
    ])
    func `a header has any declaration of XML 1 in UTF-8, or none`(_ declaration: String) {
        let root = "<stream:stream xmlns:stream='http://etherx.jabber.org/streams' xmlns='jabber:client'>"
        let header = StreamHeader(contentNamespace: Namespace.client)
        for piece in [1, .max] {
            #expect(
                Streams.read(declaration + root, piece: piece) == Streams.Outcome(events: [.opened(header)])
            )
        }
    }

    @Test
    func `a root of three octets is a header too`() {
        let header = StreamHeader(root: "a", "", attributes: [], declarations: [])
        #expect(Streams.read("<a>") == Streams.Outcome(events: [.opened(header)]))
        #expect(Streams.read("<a/>") == Streams.Outcome(events: [.opened(header), .closed]))
    }

    @Test
    func `a parser begins anew after a reset`() throws {
        let parser = XMLStreamParser()
        #expect(try parser.feed(Array((Streams.opening + "<auth").utf8)) == [.opened(Streams.header)])
        parser.reset()
        #expect(try parser.feed(Array((Streams.opening + "<iq/>").utf8)).count == 2)
        #expect(throws: XMLStreamError(.restrictedXML)) { try parser.feed(Array("<!--".utf8)) }
        #expect(throws: XMLStreamError(.restrictedXML)) { try parser.feed(Array("<iq/>".utf8)) }
        parser.reset()
        #expect(try parser.feed(Array(Streams.opening.utf8)) == [.opened(Streams.header)])
    }
}
