import MachineKit
import TestKit
import Testing
import XMPPGrammar
import XMPPStreams

/// Addresses, and what is wrong with them.
struct Addressing: Sendable {
    var from: String?
    var to: String?
    var condition: StreamErrorCondition

    init(_ from: String?, _ to: String?, _ condition: StreamErrorCondition) {
        self.from = from
        self.to = to
        self.condition = condition
    }
}

@Suite struct IncomingServerStreamTests {
    @Test func `in the clear nothing but STARTTLS is offered where TLS is needed`() throws {
        var lab = Stage.incoming(.required)
        _ = lab.play(.connected)
        let said = lab.play(.opened(Stage.header(from: Stage.capulet, to: Stage.montague), id: "s1"))
        let answer = Stage.header(from: Stage.montague, to: Stage.capulet, id: "s1")
        #expect(said.first == .header(answer))
        let features = try #require(said.last?.element)
        #expect(features.elements.map(\.name) == ["starttls"])
        #expect(features.elements[0].contains("required", Namespace.tls))
        #expect(lab.play(.element(Stage.startTLS)) == [.element(Stage.proceed), .startTLS])
    }

    @Test(arguments: [
        (Stage.certificate(Stage.capulet), ["mechanisms", "dialback", "sm"]),
        (Stage.certificate(Stage.capulet, trusted: false), ["dialback", "sm"]),
        (Stage.certificate("verona.example"), ["dialback", "sm"]), (nil, ["dialback", "sm"]),
    ])
    func `EXTERNAL is offered to whose certificate proves the domain`(
        _ certificate: PeerCertificate?,
        _ expected: [String]
    ) throws {
        var lab = Stage.incoming(.dialback)
        _ = lab.play(.connected)
        _ = lab.play(.secured(certificate))
        let said = lab.play(.opened(Stage.header(from: Stage.capulet, to: Stage.montague), id: "s2"))
        #expect(try #require(said.last?.element).elements.map(\.name) == expected)
    }

    @Test(arguments: ["", "=", "Y2FwdWxldC5leGFtcGxl"])
    func `a peer is believed by EXTERNAL`(_ identity: String) {
        var lab = Stage.incoming(.required)
        let header = Stage.header(from: Stage.capulet, to: Stage.montague)
        _ = lab.play(.connected)
        _ = lab.play(.secured(Stage.certificate(Stage.capulet)))
        _ = lab.play(.opened(header, id: "s2"))
        var auth = Element("auth", Namespace.sasl, text: identity)
        auth["mechanism"] = "EXTERNAL"
        let pair = DomainPair(local: Stage.montague, remote: Stage.capulet)
        #expect(
            lab.play(.element(auth)) == [
                .element(Element("success", Namespace.sasl)), .restart, .authenticated(pair),
            ]
        )
        _ = lab.play(.opened(header, id: "s3"))
        let said = lab.play(
            .element(Stage.message(from: "juliet@capulet.example", to: "romeo@montague.example"))
        )
        #expect(said.count == 1 && said[0].streamError == nil)
    }

    @Test(arguments: [
        ("EXTERNAL", "dmVyb25hLmV4YW1wbGU=", true, "invalid-authzid"),
        ("EXTERNAL", "!", true, "incorrect-encoding"),
        ("PLAIN", "=", true, "invalid-mechanism"), ("EXTERNAL", "=", false, "not-authorized"),
    ])
    func `what EXTERNAL does not prove is refused, and the stream goes on`(
        _ mechanism: String,
        _ identity: String,
        _ isTrusted: Bool,
        _ condition: String
    ) {
        var lab = Stage.incoming(.dialback)
        _ = lab.play(.connected)
        _ = lab.play(.secured(Stage.certificate(Stage.capulet, trusted: isTrusted)))
        _ = lab.play(.opened(Stage.header(from: Stage.capulet, to: Stage.montague), id: "s2"))
        var auth = Element("auth", Namespace.sasl, text: identity)
        auth["mechanism"] = mechanism
        let said = lab.play(.element(auth))
        #expect(said.count == 1)
        #expect(said[0].element?.matches("failure", Namespace.sasl) == true)
        #expect(said[0].element?.elements.map(\.name) == [condition])
    }

    @Test(arguments: [
        Addressing(Stage.capulet, "verona.example", .hostUnknown),
        Addressing(Stage.capulet, nil, .improperAddressing),
        Addressing(Stage.capulet, "user@montague.example", .hostUnknown),
        Addressing("@", Stage.montague, .improperAddressing),
        Addressing("chat.montague.example", Stage.montague, .invalidFrom),
    ])
    func `a header that is wrong gets ours, the error and the end`(_ fault: Addressing) {
        let (from, to, condition) = (fault.from, fault.to, fault.condition)
        var lab = Stage.incoming(.insecure)
        _ = lab.play(.connected)
        let said = lab.play(.opened(Stage.header(from: from, to: to), id: "s1"))
        guard case .header? = said.first else {
            Issue.record("no header first: \(said)")
            return
        }
        #expect(said.compactMap(\.streamError) == [condition])
        #expect(said.suffix(3).prefix(2) == [.footer, .disconnect])
    }

    @Test func `a stream of another namespace is refused`() {
        var lab = Stage.incoming(.insecure)
        _ = lab.play(.connected)
        let header = StreamHeader(contentNamespace: Namespace.client, to: Stage.montague, version: .one)
        #expect(lab.play(.opened(header, id: "s1")).compactMap(\.streamError) == [.invalidNamespace])
    }

    @Test func `a stream without a version cannot have the TLS that is needed`() {
        var lab = Stage.incoming(.dialback)
        _ = lab.play(.connected)
        let header = Stage.header(from: Stage.capulet, to: Stage.montague, version: nil)
        #expect(lab.play(.opened(header, id: "s1")).compactMap(\.streamError) == [.unsupportedVersion])
    }

    @Test(arguments: [
        Stage.message(from: "juliet@capulet.example", to: "romeo@montague.example"),
        Element("enable", "urn:example:unknown"),
    ])
    func `nothing goes through before a domain is believed`(_ element: Element) {
        var lab = Stage.incoming(.insecure)
        _ = lab.play(.connected)
        _ = lab.play(.opened(Stage.header(from: Stage.capulet, to: Stage.montague), id: "s1"))
        #expect(lab.play(.element(element)).compactMap(\.streamError) == [.notAuthorized])
        #expect(lab.pendingTimers == 0)
    }

    @Test(arguments: [
        Addressing("juliet@verona.example", "romeo@montague.example", .invalidFrom),
        Addressing("juliet@capulet.example", "romeo@verona.example", .hostUnknown),
        Addressing(nil, "romeo@montague.example", .improperAddressing),
        Addressing("juliet@capulet.example", nil, .improperAddressing),
        Addressing("@capulet.example", "romeo@montague.example", .improperAddressing),
    ])
    func `a stanza with a wrong address ends the stream`(_ fault: Addressing) {
        let (from, to, condition) = (fault.from, fault.to, fault.condition)
        var lab = Stage.incoming(.insecure)
        lab.letIn()
        #expect(
            lab.play(.element(Stage.message(from: from, to: to))).compactMap(\.streamError) == [condition]
        )
    }

    @Test func `a stanza of a believed domain comes in with its addresses`() throws {
        var lab = Stage.incoming(.dialback)
        lab.letIn()
        let message = Stage.message(from: "juliet@capulet.example/balcony", to: "romeo@chat.montague.example")
        let stanza = InboundStanza(
            element: message,
            from: try JID("juliet@capulet.example/balcony"),
            to: try JID("romeo@chat.montague.example")
        )
        #expect(lab.play(.element(message)) == [.stanza(stanza)])
    }

    @Test func `a guest domain writes to any domain`() {
        var lab = Stage.incoming(.insecure, guests: [Stage.capulet])
        lab.letIn(to: "elsewhere.example")
        let said = lab.play(
            .element(Stage.message(from: "juliet@capulet.example", to: "x@elsewhere.example"))
        )
        #expect(said.count == 1 && said[0].streamError == nil)
    }

    @Test func `an element that means nothing ends the stream once it is authenticated`() {
        var lab = Stage.incoming(.insecure)
        lab.letIn()
        let said = lab.play(.element(Element("pubsub", "urn:example:unknown")))
        #expect(said.compactMap(\.streamError) == [.unsupportedStanzaType])
    }

    @Test func `STARTTLS twice, or without TLS here, is refused`() {
        var lab = Stage.incoming(.insecure, offersTLS: false)
        _ = lab.play(.connected)
        _ = lab.play(.opened(Stage.header(from: Stage.capulet, to: Stage.montague), id: "s1"))
        let said = lab.play(.element(Stage.startTLS))
        #expect(said.first?.element?.matches("failure", Namespace.tls) == true)
        #expect(said.contains(.disconnect))
    }

    @Test func `a connection that proves nothing is closed after thirty seconds`() {
        for steps in 0...3 {
            var lab = Stage.incoming(.insecure)
            _ = lab.play(.connected)
            let result = Stage.dialback("result", from: Stage.capulet, to: Stage.montague, text: "k")
            let script: [IncomingServerStream.Input] = [
                .opened(Stage.header(from: Stage.capulet, to: Stage.montague), id: "s1"), .element(result),
            ]
            for step in script.prefix(steps) { _ = lab.play(step) }
            let sent = lab.wait(.seconds(40))
            #expect(
                sent.contains { $0.output == .disconnect && $0.at == .seconds(30) },
                "after \(steps) steps"
            )
            #expect(lab.pendingTimers == 0)
        }
    }

    @Test func `a stream that carries nothing is closed, and what still comes is taken`() {
        var lab = Stage.incoming(.insecure)
        lab.letIn()
        let sent = lab.wait(.seconds(601))
        #expect(sent.last?.output == .footer)
        let message = Stage.message(from: "juliet@capulet.example", to: "romeo@montague.example")
        #expect(lab.play(.element(message)).count == 1)
        #expect(lab.play(.closed) == [.disconnect, .ended(.finished)])
    }

    @Test func `what is no XML before the header gets a header all the same`() {
        var lab = Stage.incoming(.required)
        _ = lab.play(.connected)
        let said = lab.play(.violated(StreamError(.notWellFormed)))
        guard case .header? = said.first else {
            Issue.record("no header first")
            return
        }
        #expect(said.compactMap(\.streamError) == [.notWellFormed])
        #expect(said.contains(.footer) && said.contains(.disconnect))
    }
}
