import SDP
import TestKit
import Testing

/// What holds for whatever comes in.
@Suite("The laws of session descriptions")
struct LawTests {
    private static let seeds = Examples.all.map { Text.octets($0) }

    @Test(arguments: 0..<3000 as Range<UInt64>)
    func `no mutation traps, and what parses prints as itself`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var octets = Self.seeds[Int(seed) % Self.seeds.count]
        for _ in 0..<Int.random(in: 1...5, using: &random) {
            Noise.mutate(&octets, special: "\r\n\0\"=:;/ -|*09amctz\t", using: &random)
        }
        guard let session = try? SessionDescription.parse(octets) else { return }
        #expect(
            (try? SessionDescription.parse(session.octets)) == session,
            "\(String(decoding: octets, as: UTF8.self))"
        )
        askEverything(of: session.attributes)
        for medium in session.media {
            askEverything(of: medium.attributes)
            _ = session.direction(of: medium)
            _ = medium.payloadTypes
        }
    }

    @Test(arguments: 0..<300 as Range<UInt64>)
    func `a description made of anything prints as one description`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let address = SDPAddress(Noise.text(&random))
        var session = SessionDescription(
            origin: SDPOrigin(
                username: Noise.text(&random),
                sessionID: random.next(),
                sessionVersion: random.next(),
                address: address
            ),
            name: Noise.text(&random)
        )
        session.info = Noise.text(&random)
        session.attributes.append(SDPAttribute(SDPAttributeName(Noise.text(&random)), Noise.text(&random)))
        var medium = MediaDescription(
            String(
                Noise.text(&random).utf8.filter { $0 >= 0x61 && $0 < 0x7B }.map {
                    Character(Unicode.Scalar($0))
                }
            ) + "x",
            port: 1,
            "TCP/MSRP",
            [Noise.text(&random)]
        )
        medium.attributes.fileSelector = FileSelector(name: Noise.text(&random), size: random.next())
        medium.attributes.append(FormatParameters(Noise.text(&random), Noise.text(&random)))
        session.media = [medium, medium]
        let again = try SessionDescription.parse(session.octets)
        #expect(again.media.count == 2)
        #expect(again.attributes.elements.count == 1)
        #expect(again.media[0].attributes.fileSelector == medium.attributes.fileSelector)
        #expect(try SessionDescription.parse(again.octets) == again)
    }

    @Test(.timeLimit(.minutes(1)))
    func `the time is that of one look at each octet`() throws {
        // With a look back at what came before, for each line or attribute, these would take minutes.
        let head = "v=0\no=- 1 1 IN IP4 h\ns=-\nt=0 0\nm=audio 1 RTP/AVP 0"
        let limits = SDPLimits(octets: 4_000_000, lines: 1_000_000, media: 1_000_000)
        for repeated in ["\na=a", "\nm=audio 1 x y", " 0", "\nb=AS:1", "\nc=IN IP4 h", "\nx=", "\r\n"] {
            let text = head + String(repeating: repeated, count: 60_000)
            _ = try SessionDescription.parse(Array(text.utf8), limits: limits)
        }
    }

    private func askEverything(of attributes: SDPAttributes) {
        check(attributes.rtpMaps)
        check(attributes.formatParameters)
        check(attributes.rtcpFeedback)
        check(attributes.headerExtensions)
        check(attributes.sourceAttributes)
        check(attributes.sourceGroups)
        check(attributes.groups)
        check(attributes.fingerprints)
        check(attributes.crypto)
        check(attributes.candidates)
        check([attributes.setup].compactMap { $0 })
        check([attributes.rtcp].compactMap { $0 })
        check([attributes.msrpPath].compactMap { $0 })
        check([attributes.fileSelector].compactMap { $0 })
        check([attributes.fileDates].compactMap { $0 })
        check([attributes.fileRange].compactMap { $0 })
        check([attributes.remoteCandidates].compactMap { $0 })
        for parameters in attributes.formatParameters { _ = parameters.parameters }
        for crypto in attributes.crypto {
            for key in crypto.inlineKeys ?? [] { #expect(InlineKey(key.key) == key) }
        }
        if let types = attributes.acceptTypes { #expect(AcceptedTypes(parsing: types.description) == types) }
    }

    private func check<Value: SDPAttributeValue>(_ values: [Value]) {
        for value in values { #expect(Value(parsing: value.description) == value) }
    }
}
