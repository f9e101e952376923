import SIPGrammar
import TestKit
import Testing

/// What holds for whatever comes in.
@Suite("The laws of the grammar")
struct SIPGrammarLaws {
    private static let seeds = [
        """
        INVITE sip:bob@biloxi.example;transport=tcp SIP/2.0
        Via: SIP/2.0/UDP [2001:db8::1]:5060;branch=z9hG4bK776asdhds;rport , SIP/2.0/TCP a;received=1.2.3.4
        Max-Forwards: 70
        To: "Bob \\"B\\" \\\\" <sip:bob@biloxi.example>
        f: Alice <sips:al%69ce:pw@[::ffff:1.2.3.4]:5061;lr;x=y?a=b&c=d>;tag=1928301774
        Call-ID: a84b4c76e66710@pc33.atlanta.example
        CSeq: 314159 INVITE
        m: <sip:alice@pc33.atlanta.example>;+sip.instance="<urn:uuid:1>";q=0.7, tel:+1-201;x
        Retry-After: 5 (a (b)) ;duration=3
        Authorization: Digest username="bob", realm="x, y", nonce=84a4
        Warning: 399 h "x, y", 300 [::1] "z"
        Subject: folded
         here
        Reason: SIP ;cause=200 ;text="x"
        Content-Type: text/plain;charset="utf-8"
        X-New: ;;,"
        Content-Length: 5

        hello
        """,
        """
        SIP/2.0 486 Busy Here
        Via: SIP/2.0/UDP a.example;branch=z9hG4bK1
        From: <sip:a@b>;tag=1
        To: <tel:+1-201-555-0123;phone-context=x>;tag=2
        Call-ID: x
        CSeq: 1 INVITE
        Accept: text/plain;q=0.3, */*
        l: 0


        """,
    ].map {
        Array($0.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n").utf8)
    }

    @Test(arguments: seeds)
    func `what is mutated is well-formed to begin with`(seed: [UInt8]) throws {
        switch try SIPMessage.parse(seed) {
        case .request(let request): try request.validate()
        case .response(let response): try response.validate()
        }
    }

    @Test(arguments: 0..<2_000 as Range<UInt64>)
    func `no mutation of a message traps, and what parses prints as itself`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var octets = Self.seeds[Int(seed % 2)]
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            Noise.mutate(&octets, special: "\r\n\0\"\\<>@:;,=?%[]() \t", using: &random)
        }
        _ = SIPMessage.salvage(octets)
        guard let message = try? SIPMessage.parse(octets) else { return }
        #expect(
            (try? SIPMessage.parse(message.octets)) == message,
            "\(String(decoding: octets, as: UTF8.self))"
        )
        askEverything(of: message)
    }

    @Test(arguments: 0..<300 as Range<UInt64>)
    func `a stream gives the same however it is cut`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var octets = Self.seeds[0] + Self.seeds[1] + Self.seeds[0]
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            Noise.mutate(&octets, special: "\r\n\0\"\\<>@:;,=?%[]() \t", using: &random)
        }
        let whole = frames(of: [octets])
        var pieces: [[UInt8]] = []
        var rest = octets[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...200, using: &random))
            pieces.append(Array(piece))
            rest = rest.dropFirst(piece.count)
        }
        #expect(frames(of: pieces) == whole)
    }

    @Test(arguments: 0..<1_000 as Range<UInt64>)
    func `a URI that parses prints as itself`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var octets = Array("sips:al%69ce;x:pw@[2001:db8::1.2.3.4]:5061;lr;gr=a:b/c;x=y?a=b&c=d%20".utf8)
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            Noise.mutate(&octets, special: "\r\n\0\"\\<>@:;,=?%[]() \t", using: &random)
        }
        let text = String(decoding: octets, as: UTF8.self)
        guard let uri = SIPRequestURI(text) else { return }
        #expect(SIPRequestURI(uri.description) == uri)
        #expect(uri.isEquivalent(to: uri))
    }

    @Test(arguments: 0..<1_000 as Range<UInt64>)
    func `an address made of anything prints as one address`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var uri = SIPURI(user: Noise.text(&random), host: .name("h"), headers: Noise.text(&random))
        uri.password = Noise.text(&random)
        uri.parameters.set("gr", Noise.text(&random))
        var address = SIPNameAddress(displayName: Noise.text(&random), uri)
        address.parameters.set("x", text: Noise.text(&random))
        address.parameters.set(Noise.text(&random), Noise.text(&random))
        let field = SIPHeaderField(.from, address.description)
        let read = try #require(SIPNameAddress(field.value), "\(field.value)")
        #expect(read.description == SIPNameAddress(read.description)?.description)
        #expect(read.parameters.elements.count == 2)
        let request = SIPRequest(
            SIPMethod(Noise.text(&random)),
            .sip(uri),
            headers: [.subject: Noise.text(&random), .from: field.value]
        )
        let again = try SIPMessage.parse(request.octets)
        #expect(again.headers == request.headers)
    }

    private func frames(of pieces: [[UInt8]]) -> [SIPStreamFramer.Frame] {
        var framer = SIPStreamFramer()
        var frames: [SIPStreamFramer.Frame] = []
        for piece in pieces {
            framer.append(piece)
            while let frame = try? framer.next() {
                // How line ends between messages were cut decides how they are told.
                if frame != .pong, frame != .keepAlivePing { frames.append(frame) }
            }
        }
        return frames
    }

    private func askEverything(of message: SIPMessage) {
        switch message {
        case .request(let request):
            _ = try? request.validate()
            _ = request.response(400, toTag: "t").octets
        case .response(let response): _ = try? response.validate()
        }
        _ = try? message.headers.list(.supported)
        if let from = try? message.headers.from() { #expect(SIPNameAddress(from.description) == from) }
        if let via = try? message.headers.topVia() {
            #expect((try? ([.via: via.description] as SIPHeaders).topVia()) == via)
        }
        if let type = try? message.headers.contentType() { #expect(SIPMediaType(type.description) == type) }
    }
}
