import MachineKit
import TestKit
import Testing
import XMPPGrammar
import XMPPStreams

/// What holds whatever a peer says, and in whatever order: plays drawn at random, each with its seed.
@Suite struct StreamLawsTests {
    private static let elements: [Element] = [
        Stage.features(), Stage.features(Stage.startTLS), Stage.features(Stage.external), Stage.startTLS,
        Stage.proceed,
        Element("failure", Namespace.tls), Element("success", Namespace.sasl),
        Element("failure", Namespace.sasl),
        Stage.dialback("result", from: Stage.capulet, to: Stage.montague, text: "k"),
        Stage.dialback("result", from: Stage.montague, to: Stage.capulet, type: "valid"),
        Stage.dialback("verify", from: Stage.capulet, to: Stage.montague, id: "s1", text: "k"),
        Stage.dialback("verify", from: Stage.montague, to: Stage.capulet, id: "s1", type: "valid"),
        Stage.message(from: "juliet@capulet.example", to: "romeo@montague.example"),
        Stage.streamManagement("enable"), Stage.streamManagement("r"), StreamError(.reset).element,
        Element("handshake", Namespace.component), Element("x", "urn:example"),
    ]

    @Test(arguments: 0..<400)
    func `a stream to us ends once, and then says nothing more`(_ seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let security = StreamSecurity.allCases.randomElement(using: &generator) ?? .insecure
        var lab = Stage.incoming(security)
        let pair = DomainPair(local: Stage.montague, remote: Stage.capulet)
        let request = DialbackRequest(pair: pair, streamID: "s1", key: "k")
        let inputs: [IncomingServerStream.Input] =
            Self.elements.map { .element($0) } + [
                .connected, .opened(Stage.header(from: Stage.capulet, to: Stage.montague), id: "s1"),
                .opened(Stage.header(from: nil, to: nil), id: "s1"), .secured(nil),
                .secured(Stage.certificate(Stage.capulet)), .verdict(request, .valid), .finished(serial: 1),
                .verdict(request, .invalid), .close(nil), .closed, .disconnected,
                .violated(StreamError(.invalidXML)),
            ]
        var ends = 0
        for _ in 0..<40 {
            let said =
                Int.random(in: 0..<8, using: &generator) == 0
                ? lab.wait(.seconds(Int.random(in: 1...700, using: &generator))).map(\.output)
                : lab.play(inputs.randomElement(using: &generator) ?? .closed)
            if ends > 0 { #expect(said == []) }
            ends += said.count { if case .ended = $0 { true } else { false } }
        }
        #expect(ends <= 1)
        if ends == 1 { #expect(lab.pendingTimers == 0) }
    }

    @Test(arguments: 0..<400)
    func `a stream from us ends once, and then says nothing more`(_ seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let security = StreamSecurity.allCases.randomElement(using: &generator) ?? .insecure
        var lab = Stage.outgoing(security, hasCertificate: seed.isMultiple(of: 2))
        let pair = DomainPair(local: Stage.capulet, remote: Stage.montague)
        let inputs: [OutgoingServerStream.Input] =
            Self.elements.map { .element($0) } + [
                .connected, .opened(Stage.header(from: Stage.montague, to: Stage.capulet, id: "s1")),
                .opened(Stage.header(from: nil, to: nil)), .secured(nil),
                .secured(Stage.certificate(Stage.montague)),
                .authorise(pair), .verify(DialbackRequest(pair: pair, streamID: "s1", key: "k")), .used,
                .insecure("no"), .close, .closed, .disconnected, .violated(StreamError(.invalidXML)),
            ]
        var ends = 0
        for _ in 0..<40 {
            let said =
                Int.random(in: 0..<8, using: &generator) == 0
                ? lab.wait(.seconds(Int.random(in: 1...700, using: &generator))).map(\.output)
                : lab.play(inputs.randomElement(using: &generator) ?? .closed)
            if ends > 0 { #expect(said == []) }
            ends += said.count { if case .ended = $0 { true } else { false } }
            #expect(!lab.subject.isReady(pair) || lab.subject.takesWork)
        }
        #expect(ends <= 1)
        if ends == 1 { #expect(lab.pendingTimers == 0) }
    }
}
