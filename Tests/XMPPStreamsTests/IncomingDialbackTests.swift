import MachineKit
import TestKit
import Testing
import XMPPGrammar
import XMPPStreams

private let pair = DomainPair(local: Stage.montague, remote: Stage.capulet)

/// A stream whose features have just been sent.
private func greeted(
    _ security: StreamSecurity,
    _ certificate: PeerCertificate? = nil
) -> Lab<IncomingServerStream> {
    var lab = Stage.incoming(security)
    _ = lab.play(.connected)
    if security.needsTLS { _ = lab.play(.secured(certificate)) }
    _ = lab.play(.opened(Stage.header(from: Stage.capulet, to: Stage.montague), id: "D60000229F"))
    return lab
}

private func result(_ from: String? = Stage.capulet, _ to: String? = Stage.montague) -> Element {
    Stage.dialback("result", from: from, to: to, text: "b4835385")
}

private let request = DialbackRequest(pair: pair, streamID: "D60000229F", key: "b4835385")

/// XEP-0220 section 2.2.1: the receiving server.
@Suite struct ReceivingServerTests {
    @Test func `a key is asked about, and a valid one believed`() {
        var lab = greeted(.dialback)
        #expect(lab.play(.element(result())) == [.verify(request)])
        let answer = Stage.dialback("result", from: Stage.montague, to: Stage.capulet, type: "valid")
        #expect(lab.play(.verdict(request, .valid)) == [.element(answer), .authenticated(pair)])
        // It may say so again; nobody is asked again.
        #expect(lab.play(.element(result())) == [.element(answer)])
    }

    @Test func `an invalid key ends a stream on which nothing else is believed`() {
        var lab = greeted(.dialback)
        _ = lab.play(.element(result()))
        let answer = Stage.dialback("result", from: Stage.montague, to: Stage.capulet, type: "invalid")
        let said = lab.play(.verdict(request, .invalid))
        #expect(said.prefix(3) == [.element(answer), .footer, .disconnect])
    }

    @Test func `an invalid key leaves other pairs alone`() throws {
        var lab = greeted(.dialback)
        _ = lab.play(.element(result()))
        _ = lab.play(.verdict(request, .valid))
        let rooms = DomainPair(local: Stage.montague, remote: "rooms.capulet.example")
        #expect(lab.play(.element(result(rooms.remote))).count == 1)
        let said = lab.play(
            .verdict(DialbackRequest(pair: rooms, streamID: "D60000229F", key: "b4835385"), .invalid)
        )
        let error = try #require(said.first?.element)
        #expect(said.count == 1)
        #expect(error["type"] == "error" && StanzaError(error)?.condition == .forbidden)
        let spoofed = Stage.message(from: "x@rooms.capulet.example", to: "romeo@montague.example")
        #expect(lab.play(.element(spoofed)).compactMap(\.streamError) == [.invalidFrom])
    }

    @Test(arguments: [
        (Stage.capulet, "verona.example", StanzaErrorCondition.itemNotFound),
        ("chat.montague.example", Stage.montague, .notAcceptable),
    ])
    func `domains that may not be believed are not even asked about`(
        _ from: String,
        _ to: String,
        _ condition: StanzaErrorCondition
    ) throws {
        var lab = greeted(.dialback)
        let said = lab.play(.element(result(from, to)))
        let error = try #require(said.first?.element)
        #expect(said.count == 1)
        #expect(error["from"] == to && error["to"] == from && error["type"] == "error")
        #expect(StanzaError(error)?.condition == condition)
    }

    @Test(arguments: [
        nil, Stage.certificate("verona.example"), Stage.certificate(Stage.capulet, trusted: false),
    ])
    func `where certificates are required nobody without one is asked about`(
        _ certificate: PeerCertificate?
    ) throws {
        var lab = greeted(.required, certificate)
        let error = try #require(lab.play(.element(result())).first?.element)
        #expect(StanzaError(error)?.condition == .notAuthorized)
    }

    @Test func `dialback in the clear is against the policy where TLS is needed`() throws {
        var lab = Stage.incoming(.dialback)
        _ = lab.play(.connected)
        _ = lab.play(.opened(Stage.header(from: Stage.capulet, to: Stage.montague), id: "s1"))
        let error = try #require(lab.play(.element(result())).first?.element)
        #expect(StanzaError(error)?.condition == .policyViolation)
    }

    @Test func `a server that cannot be asked is an error of that pair`() throws {
        var lab = greeted(.dialback)
        _ = lab.play(.element(result()))
        let said = lab.play(.verdict(request, .error(.remoteServerNotFound)))
        #expect(StanzaError(try #require(said.first?.element))?.condition == .remoteServerNotFound)
        // The peer may try again on the same stream.
        #expect(lab.play(.element(result())) == [.verify(request)])
    }

    @Test func `a verdict about another key is ignored`() {
        var lab = greeted(.dialback)
        _ = lab.play(.element(result()))
        let other = DialbackRequest(pair: pair, streamID: "D60000229F", key: "forged")
        #expect(lab.play(.verdict(other, .valid)) == [])
        let message = Stage.message(from: "juliet@capulet.example", to: "romeo@montague.example")
        #expect(lab.play(.element(message)).compactMap(\.streamError) == [.notAuthorized])
    }

    @Test(arguments: [
        Addressing(nil, Stage.montague, .improperAddressing),
        Addressing(Stage.capulet, nil, .improperAddressing),
        Addressing("a@b", Stage.montague, .improperAddressing),
    ])
    func `dialback needs two domains`(_ fault: Addressing) {
        var lab = greeted(.dialback)
        #expect(
            lab.play(.element(result(fault.from, fault.to))).compactMap(\.streamError) == [
                .improperAddressing
            ]
        )
    }

    /// XEP-0220 section 3.1: attacks of 2012.
    @Test(arguments: ["result", "verify"], ["valid", "invalid", "error"])
    func `answers that nobody asked for make nobody believed`(_ name: String, _ type: String) {
        var lab = greeted(.dialback)
        let forged = Stage.dialback(name, from: Stage.capulet, to: Stage.montague, id: "x", type: type)
        #expect(lab.play(.element(forged)) == [])
        #expect(lab.ignored.last == "unsolicited dialback")
    }

    @Test func `an unknown peer has only so many pairs checked at once`() throws {
        var lab = greeted(.dialback)
        for number in 0..<IncomingServerStream.mostPairsBeforeBelief {
            #expect(lab.play(.element(result("d\(number).example"))).count == 1)
        }
        let error = try #require(lab.play(.element(result("one-more.example"))).first?.element)
        #expect(StanzaError(error)?.condition == .resourceConstraint)
    }
}

/// XEP-0220 section 2.2.2: the authoritative server.
@Suite struct AuthoritativeServerTests {
    private func verify(_ key: String, to: String = Stage.montague, id: String? = "417GAF25") -> Element {
        Stage.dialback("verify", from: Stage.capulet, to: to, id: id, text: key)
    }

    @Test(arguments: [
        ("capulet.example montague.example 417GAF25", "valid"),
        ("\n   capulet.example montague.example 417GAF25\n  ", "valid"),
        ("capulet.example montague.example 417GAF26", "invalid"), ("", "invalid"),
    ])
    func `a question about a key is answered`(_ key: String, _ type: String) {
        var lab = greeted(.dialback)
        let answer = Stage.dialback(
            "verify",
            from: Stage.montague,
            to: Stage.capulet,
            id: "417GAF25",
            type: type
        )
        #expect(lab.play(.element(verify(key))) == [.element(answer)])
    }

    @Test func `a question about a domain that is not ours is an error, unless the key is`() throws {
        var lab = greeted(.dialback)
        let error = try #require(lab.play(.element(verify("k", to: "verona.example"))).first?.element)
        #expect(error["type"] == "error" && StanzaError(error)?.condition == .itemNotFound)
        let ours = verify("capulet.example verona.example 417GAF25", to: "verona.example")
        #expect(lab.play(.element(ours)).first?.element?["type"] == "valid")
    }

    @Test func `questions need no authentication, and go on after it`() {
        var lab = greeted(.dialback)
        _ = lab.play(.element(result()))
        _ = lab.play(.verdict(request, .valid))
        #expect(lab.play(.element(verify("k"))).first?.element?["type"] == "invalid")
    }
}
