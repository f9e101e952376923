import Testing
import XMPPGrammar

@Suite
struct StreamErrorTests {
    /// RFC 6120 section 4.9.3, in its order.
    @Test
    func `the conditions are the RFC's`() {
        #expect(
            StreamErrorCondition.allCases.map(\.rawValue) == [
                "bad-format", "bad-namespace-prefix", "conflict", "connection-timeout", "host-gone",
                "host-unknown",
                "improper-addressing", "internal-server-error", "invalid-from", "invalid-namespace",
                "invalid-xml",
                "not-authorized", "not-well-formed", "policy-violation", "remote-connection-failed", "reset",
                "resource-constraint", "restricted-xml", "see-other-host", "system-shutdown",
                "undefined-condition",
                "unsupported-encoding", "unsupported-feature", "unsupported-stanza-type",
                "unsupported-version",
            ]
        )
    }

    @Test(arguments: StreamErrorCondition.allCases)
    func `an error is read and written`(_ condition: StreamErrorCondition) {
        let error = StreamError(
            condition,
            text: "why",
            host: condition == .seeOtherHost ? "[2001:db8::1]:9222" : nil,
            application: Element("more", "urn:example")
        )
        #expect(StreamError(error.element) == error)
    }

    @Test
    func `an error is written as the RFC shows it`() {
        let error = StreamError(
            .policyViolation,
            application: Element("stanza-too-big", Namespace.applicationErrors)
        )
        #expect(
            String(decoding: error.element.octets(defaultNamespace: Namespace.server), as: UTF8.self) == """
                <stream:error><policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>\
                <stanza-too-big xmlns='urn:xmpp:errors'/></stream:error>
                """
        )
    }

    @Test
    func `what others leave out or invent still is an error`() {
        #expect(StreamError(Element("error", Namespace.stream)) == StreamError(.undefinedCondition))
        var old = Element("error", Namespace.stream)
        old.append(Element("xml-not-well-formed", Namespace.streamErrors))
        #expect(StreamError(old) == StreamError(.notWellFormed))
        #expect(StreamError(Element("features", Namespace.stream)) == nil)
        #expect(StreamError(Element("error", Namespace.client)) == nil)
    }
}
