import MachineKit
import TestKit
import Testing
import XMPPGrammar
import XMPPStreams

private let pair = DomainPair(local: Stage.capulet, remote: Stage.montague)
private let ourHeader = Stage.header(from: Stage.capulet, to: Stage.montague)
private let theirHeader = Stage.header(from: Stage.montague, to: Stage.capulet, id: "D60000229F")
private let ourKey = Stage.dialback(
    "result",
    from: Stage.capulet,
    to: Stage.montague,
    text: "montague.example capulet.example D60000229F"
)
private let valid = Stage.dialback("result", from: Stage.montague, to: Stage.capulet, type: "valid")

/// A stream over TLS whose features have just come.
private func open(
    _ security: StreamSecurity = .dialback,
    wanting: [DomainPair] = [pair]
) -> Lab<OutgoingServerStream> {
    var lab = Stage.outgoing(security)
    for pair in wanting { _ = lab.play(.authorise(pair)) }
    _ = lab.play(.connected)
    _ = lab.play(.opened(theirHeader))
    _ = lab.play(.element(Stage.features(Stage.startTLS)))
    _ = lab.play(.element(Stage.proceed))
    _ = lab.play(.secured(Stage.certificate(Stage.montague)))
    _ = lab.play(.opened(theirHeader))
    _ = lab.play(.element(Stage.features()))
    return lab
}

@Suite struct OutgoingServerStreamTests {
    /// RFC 6120 section 9.2 with the dialback of XEP-0220 section 2.1.1.
    @Test func `a stream is set up with STARTTLS and dialback`() {
        var lab = Stage.outgoing(.dialback)
        #expect(lab.play(.authorise(pair)) == [])
        #expect(lab.play(.connected) == [.header(ourHeader)])
        #expect(lab.play(.opened(theirHeader)) == [])
        #expect(lab.play(.element(Stage.features(Stage.startTLS))) == [.element(Stage.startTLS)])
        #expect(lab.play(.element(Stage.proceed)) == [.startTLS])
        #expect(lab.play(.secured(nil)) == [.header(ourHeader)])
        #expect(lab.play(.opened(theirHeader)) == [])
        #expect(lab.play(.element(Stage.features())) == [.element(ourKey)])
        #expect(!lab.subject.isReady(pair))
        #expect(lab.play(.element(valid)) == [.ready(pair)])
        #expect(lab.subject.isReady(pair))
    }

    @Test func `EXTERNAL needs no dialback`() throws {
        var lab = Stage.outgoing(.required, hasCertificate: true)
        _ = lab.play(.authorise(pair))
        // TLS before the stream, as XEP-0368 has it.
        #expect(lab.play(.secured(Stage.certificate(Stage.montague))) == [.header(ourHeader)])
        _ = lab.play(.opened(theirHeader))
        let auth = try #require(lab.play(.element(Stage.features(Stage.external))).first)
        guard case .element(let element) = auth else { throw Unexpected() }
        #expect(element.matches("auth", Namespace.sasl) && element["mechanism"] == "EXTERNAL")
        #expect(element.text == "Y2FwdWxldC5leGFtcGxl")
        #expect(lab.play(.element(Element("success", Namespace.sasl))) == [.restart, .header(ourHeader)])
        _ = lab.play(.opened(theirHeader))
        #expect(lab.play(.element(Stage.features())) == [.ready(pair)])
    }

    @Test func `after EXTERNAL was refused dialback has its turn`() {
        var lab = Stage.outgoing(.dialback, hasCertificate: true)
        _ = lab.play(.authorise(pair))
        _ = lab.play(.secured(nil))
        _ = lab.play(.opened(theirHeader))
        _ = lab.play(.element(Stage.features(Stage.external)))
        #expect(lab.play(.element(Element("failure", Namespace.sasl))) == [.element(ourKey)])
    }

    @Test(arguments: [
        nil, Stage.certificate("montague.example", trusted: false), Stage.certificate("verona.example"),
        Stage.certificate("*.montague.example"),
    ])
    func `where certificates are required a poor one ends the stream`(_ certificate: PeerCertificate?) {
        var lab = Stage.outgoing(.required)
        _ = lab.play(.connected)
        _ = lab.play(.opened(theirHeader))
        _ = lab.play(.element(Stage.features(Stage.startTLS)))
        _ = lab.play(.element(Stage.proceed))
        let said = lab.play(.secured(certificate))
        #expect(said.first == .disconnect && said.count == 2)
        guard case .ended(.insecure)? = said.last else {
            Issue.record("ended otherwise: \(said)")
            return
        }
        #expect(lab.pendingTimers == 0)
    }

    @Test(arguments: [StreamSecurity.required, .dialback])
    func `a peer without STARTTLS is left alone where TLS is needed`(_ security: StreamSecurity) {
        var lab = Stage.outgoing(security)
        _ = lab.play(.connected)
        _ = lab.play(.opened(theirHeader))
        let said = lab.play(.element(Stage.features()))
        #expect(said.last == .ended(.insecure("the peer offers no STARTTLS")))
    }

    @Test func `a peer without STARTTLS, or without version, will do where TLS is not needed`() {
        for version in [StreamVersion.one, nil] {
            var lab = Stage.outgoing(.insecure)
            _ = lab.play(.authorise(pair))
            _ = lab.play(.connected)
            var said = lab.play(
                .opened(Stage.header(from: Stage.montague, to: nil, id: "D60000229F", version: version))
            )
            if version != nil { said = lab.play(.element(Stage.features())) }
            #expect(said == [.element(ourKey)])
        }
    }

    @Test func `a refusal costs the pair, not the stream`() {
        var lab = open()
        let refusal = Stage.dialback(
            "result",
            from: Stage.montague,
            to: Stage.capulet,
            type: "error",
            error: .itemNotFound
        )
        #expect(lab.play(.element(refusal)) == [.refused(pair, .error(.itemNotFound))])
        #expect(lab.subject.takesWork)
        // Another attempt is a new key.
        #expect(lab.play(.authorise(pair)) == [.element(ourKey)])
    }

    @Test func `many pairs share a stream`() {
        let rooms = DomainPair(local: "rooms.capulet.example", remote: Stage.montague)
        var lab = open()
        #expect(lab.play(.authorise(rooms)).count == 1)
        let answer = Stage.dialback("result", from: rooms.remote, to: rooms.local, type: "valid")
        #expect(lab.play(.element(answer)) == [.ready(rooms)])
        #expect(!lab.subject.isReady(pair))
        #expect(lab.play(.element(valid)) == [.ready(pair)])
        #expect(lab.subject.isReady(rooms))
    }

    /// XEP-0220 section 2.1.2.
    @Test(arguments: [
        ("valid", DialbackVerdict.valid), ("invalid", .invalid), ("error", .error(.itemNotFound)),
    ])
    func `a key is asked about, and the answer passed on`(_ type: String, _ verdict: DialbackVerdict) {
        var lab = open(wanting: [])
        let request = DialbackRequest(pair: pair, streamID: "417GAF25", key: "225cc5aa")
        let question = Stage.dialback(
            "verify",
            from: Stage.capulet,
            to: Stage.montague,
            id: "417GAF25",
            text: "225cc5aa"
        )
        #expect(lab.play(.verify(request)) == [.element(question)])
        let answer = Stage.dialback(
            "verify",
            from: Stage.montague,
            to: Stage.capulet,
            id: "417GAF25",
            type: type,
            error: type == "error" ? .itemNotFound : nil
        )
        #expect(lab.play(.element(answer)) == [.verified(request, verdict)])
        #expect(lab.play(.element(answer)) == [])
    }

    /// XEP-0220 section 3.1.
    @Test func `answers to what was not asked are ignored`() {
        var lab = open(wanting: [])
        #expect(lab.play(.element(valid)) == [])
        #expect(!lab.subject.isReady(pair))
        _ = lab.play(.verify(DialbackRequest(pair: pair, streamID: "1", key: "k")))
        for (from, id) in [("verona.example", "1"), (Stage.montague, "2")] {
            let forged = Stage.dialback("verify", from: from, to: Stage.capulet, id: id, type: "valid")
            #expect(lab.play(.element(forged)) == [])
        }
        #expect(
            lab.ignored.filter { $0.contains("unsolicited") } == [
                "an unsolicited dialback result", "an unsolicited dialback verdict",
                "an unsolicited dialback verdict",
            ]
        )
    }

    @Test func `dialback that nobody answers is given up after twenty seconds`() {
        var lab = open()
        let request = DialbackRequest(pair: pair, streamID: "1", key: "k")
        _ = lab.play(.verify(request))
        let sent = lab.wait(.seconds(21))
        #expect(sent.map(\.at) == [.seconds(20), .seconds(20)])
        #expect(
            Set(sent.map(\.output)) == [
                .refused(pair, .error(.remoteServerTimeout)),
                .verified(request, .error(.remoteServerTimeout)),
            ]
        )
    }

    @Test func `a stream that nobody uses is closed, one in use is not`() {
        var lab = open()
        _ = lab.play(.element(valid))
        _ = lab.wait(.seconds(500))
        _ = lab.play(.used)
        #expect(!lab.wait(.seconds(600)).contains { $0.output == .footer })
        let sent = lab.wait(.seconds(700))
        #expect(sent.contains { $0.output == .footer })
        #expect(sent.last?.output == .ended(.finished))
        #expect(!lab.subject.takesWork)
    }

    @Test func `a peer that is silent while the stream is set up is given up`() {
        for steps in 1...5 {
            var lab = Stage.outgoing(.dialback)
            let script: [OutgoingServerStream.Input] = [
                .connected, .opened(theirHeader), .element(Stage.features(Stage.startTLS)),
                .element(Stage.proceed),
                .secured(nil),
            ]
            for step in script.prefix(steps) { _ = lab.play(step) }
            let sent = lab.wait(.seconds(31))
            #expect(sent.last?.output == .ended(.timeout("setting up the stream")), "after \(steps) steps")
            #expect(sent.allSatisfy { $0.at == .seconds(30) })
        }
    }

    @Test func `nothing is written into a TLS handshake that went wrong`() {
        var lab = Stage.outgoing(.dialback)
        _ = lab.play(.connected)
        _ = lab.play(.opened(theirHeader))
        _ = lab.play(.element(Stage.features(Stage.startTLS)))
        _ = lab.play(.element(Stage.proceed))
        #expect(
            lab.play(.insecure("no common cipher")) == [.disconnect, .ended(.insecure("no common cipher"))]
        )
    }

    @Test func `the peer's stream error is the reason of the end`() {
        var lab = open()
        let error = StreamError(.hostUnknown, text: "never heard of it")
        var said = lab.play(.element(error.element))
        guard case .ended(.peer(let reason))? = said.popLast() else {
            Issue.record("not ended by the peer")
            return
        }
        #expect(reason.condition == .hostUnknown)
        #expect(said == [.footer, .disconnect])
    }
}

struct Unexpected: Error {}
