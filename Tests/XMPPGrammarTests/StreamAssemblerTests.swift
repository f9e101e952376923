import Testing
import XMPPGrammar

@Suite
struct StreamAssemblerTests {
    private func opened(_ content: String) -> StreamAssembler {
        var assembler = StreamAssembler()
        _ = assembler.open(
            "stream",
            Namespace.stream,
            attributes: [],
            declarations: [NamespaceDeclaration(prefix: "", namespace: content)]
        )
        return assembler
    }

    @Test
    func `the root is the header, and its end the end`() {
        var assembler = StreamAssembler()
        #expect(assembler.depth == 0)
        let event = assembler.open(
            "stream",
            Namespace.stream,
            attributes: [
                Attribute(name: "from", value: "a.example"), Attribute(name: "to", value: "b.example"),
                Attribute(name: "id", value: "7"), Attribute(name: "version", value: "1.0"),
                Attribute(name: "lang", namespace: Namespace.xml, value: "de"),
            ],
            declarations: [
                NamespaceDeclaration(prefix: "", namespace: Namespace.server),
                NamespaceDeclaration(prefix: "stream", namespace: Namespace.stream),
                NamespaceDeclaration(prefix: "db", namespace: Namespace.dialback),
            ]
        )
        let header = StreamHeader(
            contentNamespace: Namespace.server,
            from: "a.example",
            to: "b.example",
            id: "7",
            version: .one,
            language: "de",
            declaresDialback: true
        )
        #expect(event == .opened(header))
        #expect(assembler.depth == 1)
        #expect(assembler.close() == .closed)
        #expect(assembler.depth == 0)
    }

    @Test
    func `an element of the first level is told when it is whole`() {
        var assembler = opened(Namespace.client)
        #expect(assembler.open("message", Namespace.client, attributes: []) == nil)
        assembler.text("\n")
        #expect(assembler.open("body", Namespace.client, attributes: []) == nil)
        #expect(assembler.depth == 3)
        assembler.text("Ha")
        assembler.text("rk")
        #expect(assembler.close() == nil)
        let message = Element(
            "message",
            Namespace.client,
            children: [.text("\n"), .element(Element("body", Namespace.client, text: "Hark"))]
        )
        #expect(assembler.close() == .element(message))
    }

    @Test
    func `text between elements is nothing`() {
        var assembler = opened(Namespace.client)
        assembler.text(" ")
        #expect(assembler.open("iq", Namespace.client, attributes: []) == nil)
        #expect(assembler.close() == .element(Element("iq", Namespace.client)))
    }

    @Test(arguments: [Namespace.server, Namespace.component])
    func `stanzas of every content namespace are told in jabber:client`(_ content: String) {
        for name in ["message", "presence", "iq"] {
            var assembler = opened(content)
            _ = assembler.open(name, content, attributes: [])
            _ = assembler.open("error", content, attributes: [])
            _ = assembler.close()
            _ = assembler.open("x", "urn:x", attributes: [])
            _ = assembler.open("message", content, attributes: [])
            _ = assembler.close()
            _ = assembler.close()
            let inner = Element("x", "urn:x", children: [.element(Element("message", Namespace.client))])
            let stanza = Element(
                name,
                Namespace.client,
                children: [.element(Element("error", Namespace.client)), .element(inner)]
            )
            #expect(assembler.close() == .element(stanza))
        }
    }

    @Test
    func `what is no stanza keeps its namespace`() {
        var assembler = opened(Namespace.component)
        _ = assembler.open("message", Namespace.component, attributes: [])
        _ = assembler.close()
        _ = assembler.open("handshake", Namespace.component, attributes: [])
        _ = assembler.open("x", Namespace.component, attributes: [])
        _ = assembler.close()
        let handshake = Element(
            "handshake",
            Namespace.component,
            children: [.element(Element("x", Namespace.component))]
        )
        #expect(assembler.close() == .element(handshake))
        _ = assembler.open("message", "urn:other", attributes: [])
        #expect(assembler.close() == .element(Element("message", "urn:other")))
    }

    @Test
    func `after the end nothing is said`() {
        var assembler = opened(Namespace.client)
        #expect(assembler.close() == .closed)
        #expect(assembler.open("message", Namespace.client, attributes: []) == nil)
        assembler.text("x")
        #expect(assembler.close() == nil)
        #expect(assembler.depth == 0)
    }
}
