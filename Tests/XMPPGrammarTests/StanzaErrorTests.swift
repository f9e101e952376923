import Testing
import XMPPGrammar

@Suite
struct StanzaErrorTests {
    /// RFC 6120 section 8.3.3, in its order.
    static let conditions: [(String, StanzaErrorType)] = [
        ("bad-request", .modify), ("conflict", .cancel), ("feature-not-implemented", .cancel),
        ("forbidden", .auth),
        ("gone", .cancel), ("internal-server-error", .cancel), ("item-not-found", .cancel),
        ("jid-malformed", .modify),
        ("not-acceptable", .modify), ("not-allowed", .cancel), ("not-authorized", .auth),
        ("policy-violation", .modify),
        ("recipient-unavailable", .wait), ("redirect", .modify), ("registration-required", .auth),
        ("remote-server-not-found", .cancel), ("remote-server-timeout", .wait),
        ("resource-constraint", .wait),
        ("service-unavailable", .cancel), ("subscription-required", .auth), ("undefined-condition", .cancel),
        ("unexpected-request", .wait),
    ]

    @Test
    func `the conditions are the RFC's`() {
        #expect(StanzaErrorCondition.allCases.map(\.rawValue) == Self.conditions.map(\.0))
    }

    @Test(arguments: conditions)
    func `a condition has its default type, and is read and written`(
        _ name: String,
        _ type: StanzaErrorType
    ) throws {
        let condition = try #require(StanzaErrorCondition(rawValue: name))
        #expect(condition.defaultType == type)
        for type in StanzaErrorType.allCases {
            let error = StanzaError(condition, type: type, text: "why", language: "en", by: "gw.example")
            #expect(StanzaError(error.element()) == error)
        }
    }

    @Test
    func `an error is written as the RFC shows it`() {
        let error = StanzaError(
            .gone,
            text: "moved",
            language: "en",
            by: "example.net",
            uri: "xmpp:romeo@afterlife.example.net",
            application: Element("too-late", "urn:example")
        )
        #expect(
            String(decoding: error.element().octets(), as: UTF8.self) == """
                <error type='cancel' by='example.net'>\
                <gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>xmpp:romeo@afterlife.example.net</gone>\
                <text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas' xml:lang='en'>moved</text>\
                <too-late xmlns='urn:example'/></error>
                """
        )
        #expect(StanzaError(error.element()) == error)
    }

    @Test
    func `an address goes with gone and redirect alone`() {
        let error = StanzaError(.forbidden, uri: "xmpp:a@b")
        #expect(StanzaError(error.element())?.uri == nil)
    }

    @Test
    func `what others leave out or invent still is an error`() {
        let empty = Element("error", Namespace.client)
        #expect(StanzaError(empty) == StanzaError(.undefinedCondition))
        var odd = Element("error", Namespace.client, attributes: [Attribute(name: "type", value: "fatal")])
        odd.append(Element("sixty", Namespace.stanzaErrors))
        odd.append(Element("not-allowed", Namespace.stanzaErrors))
        odd.append(Element("forbidden", Namespace.stanzaErrors))
        #expect(StanzaError(odd) == StanzaError(.notAllowed))
    }

    @Test
    func `an error is found in its stanza`() {
        var stanza = Element(
            "message",
            Namespace.client,
            attributes: [Attribute(name: "type", value: "error")]
        )
        #expect(StanzaError(stanza) == nil)
        stanza.append(StanzaError(.itemNotFound).element())
        #expect(StanzaError(stanza) == StanzaError(.itemNotFound))
    }

    @Test
    func `a reply goes back with the same id and nothing of what came`() {
        var stanza = Element("message", Namespace.client)
        stanza["from"] = "romeo@example.net/orchard"
        stanza["to"] = "juliet@example.com"
        stanza["id"] = "m1"
        stanza["type"] = "chat"
        stanza.append(Element("body", Namespace.client, text: "secret"))
        let reply = stanza.errorReply(StanzaError(.serviceUnavailable))
        #expect(
            String(decoding: reply.octets(), as: UTF8.self) == """
                <message from='juliet@example.com' to='romeo@example.net/orchard' id='m1' type='error'>\
                <error type='cancel'>\
                <service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>
                """
        )
    }

    @Test
    func `a reply to a stanza without addresses has none`() {
        let reply = Element("iq", Namespace.client).errorReply(StanzaError(.badRequest))
        #expect(reply.attributes == [Attribute(name: "type", value: "error")])
    }
}
