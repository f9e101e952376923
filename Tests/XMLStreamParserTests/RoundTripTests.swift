import TestKit
import Testing
import XMPPGrammar
import XMPPTransport

/// What is written reads as what it was.
@Suite
struct RoundTripTests {
    @Test(arguments: UInt64(0)..<16)
    func `elements at random are read as they were written`(_ number: UInt64) throws {
        var random = SplitMix64(seed: number)
        for content in [Namespace.client, Namespace.server, Namespace.component] {
            let header = StreamHeader(contentNamespace: content, id: "1")
            var octets = header.octets
            var expected: [StreamEvent] = [.opened(header)]
            for _ in 0..<20 {
                var stanza = Self.element(depth: 4, &random)
                stanza.name = "message"
                stanza.namespace = Namespace.client
                stanza.write(into: &octets, defaultNamespace: Namespace.client)
                expected.append(.element(stanza))
            }
            octets += StreamHeader.close
            #expect(Streams.read(octets) == Streams.Outcome(events: expected + [.closed]))
        }
    }

    @Test
    func `a header is read as it was written`() {
        for version in [nil, StreamVersion.one] {
            for content in [Namespace.client, Namespace.server, Namespace.component] {
                let header = StreamHeader(
                    contentNamespace: content,
                    from: "a.example",
                    to: "b&b.example",
                    id: "++TR'84\tSm6A<",
                    version: version,
                    language: "en",
                    declaresDialback: content == Namespace.server
                )
                #expect(Streams.read(header.octets) == Streams.Outcome(events: [.opened(header)]))
            }
        }
    }

    @Test
    func `errors are read as they were written`() {
        let error = StreamError(.restrictedXML, text: "no <!-- here", application: Element("x", "urn:x"))
        let octets = error.element.octets(defaultNamespace: Namespace.server)
        let outcome = Streams.readOpen(String(decoding: octets, as: UTF8.self))
        #expect(outcome == Streams.Outcome(events: [.element(error.element)]))
    }

    private static let names = ["a", "body", "größe", "_x.y-z", "名", "x1"]
    private static let namespaces = [
        Namespace.client, "", "urn:x", Namespace.chatStates, Namespace.stream, Namespace.dialback,
        "urn:a&b'\"<>\t",
    ]
    private static let texts = [
        "x", "Wherefore art thou", "<&>'\"", "]]>", " \t\r\n ", "ü♥🌹", "\r\n", "&amp;", "a\u{301}",
        "\u{FFFD}", "\u{85}\u{7F}",
    ]

    private static func element(depth: Int, _ random: inout SplitMix64) -> Element {
        var element = Element(pick(names, &random), pick(namespaces, &random))
        for name in names where Int.random(in: 0..<3, using: &random) == 0 {
            let namespace = pick(["", "", "urn:attribute", Namespace.xml, "urn:x"], &random)
            element.attributes.append(
                Attribute(name: name, namespace: namespace, value: pick(texts, &random))
            )
        }
        guard depth > 0 else { return element }
        for _ in 0..<Int.random(in: 0..<4, using: &random) {
            if Bool.random(using: &random) {
                element.append(text: pick(texts, &random))
            } else {
                element.append(Self.element(depth: depth - 1, &random))
            }
        }
        return element
    }

    private static func pick(_ values: [String], _ random: inout SplitMix64) -> String {
        values.randomElement(using: &random) ?? ""
    }
}
