import Addressing
import Octets
import SIPGrammar
import TestKit
import Testing
import XMPPGrammar

@Suite("Laws of addresses")
struct AddressLawTests {
    static let mapper = AddressMapper(pstnDomains: ["pstn.example"], telDomain: "pstn.example")

    /// Text that a user part can mean and a local part can be: in the form that PRECIS makes of it.
    private func user(_ random: inout SplitMix64) -> String {
        let pieces =
            Array("abcxyz0189-_.!~*'()&=+$,;?/#%[]^`{|}\\\"<>:@ ").map(String.init)
            + [#"\20"#, #"\5c"#, #"\40"#, #"\5"#, "%41", "ü", "ß", "日本", "ж", "é", "ç"]
        while true {
            let text = (0..<Int.random(in: 1...12, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }.joined()
            if text.utf8.first != ASCII.space, text.utf8.last != ASCII.space { return text }
        }
    }

    private func kept() -> OctetSet { OctetSet.alphanumeric.union(OctetSet("-_.!~*'()&=+$,;?/")) }

    /// RFC 3261 section 19.1.4 tells an escaped reserved character from a bare one: each is written as MAPPING 1.3 does.
    private func parameter() -> OctetSet { OctetSet.alphanumeric.union(OctetSet("-_.!~*'()[]/:&+$")) }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `a user that goes over and back is the same user`(_ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<200 {
            let text = user(&random)
            var uri = SIPURI(
                user: PercentCoding.encode(Array(text.utf8), keeping: kept()),
                host: .name("h.example")
            )
            if Bool.random(using: &random) {
                uri.parameters.set(
                    "gr",
                    PercentCoding.encode(Array(user(&random).utf8), keeping: parameter())
                )
            }
            let jid = try Self.mapper.jid(for: uri)
            let back = try Self.mapper.uri(for: jid)
            #expect(back.isEquivalent(to: uri), "\(uri) -> \(jid) -> \(back)")
            #expect(try Self.mapper.jid(for: back) == jid)
            let printed = try #require(SIPURI(back.description), "\(back) cannot be read")
            #expect(printed == back)
            #expect(try JID(jid.description) == jid)
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `nothing traps, and what is mapped can be mapped back`(_ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<300 {
            let octets = (0..<Int.random(in: 0...20, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let spelt = PercentCoding.encode(octets, keeping: .alphanumeric)
            let spellings = [
                "sip:\(spelt)@h.example", "sip:x@h.example;gr=\(spelt)", "tel:\(spelt)",
                "sip:\(spelt)@pstn.example;user=phone",
                String(decoding: octets, as: UTF8.self), "sip:x@\(String(decoding: octets, as: UTF8.self))",
            ]
            for spelling in spellings {
                guard let uri = SIPRequestURI(spelling), let jid = try? Self.mapper.jid(for: uri) else {
                    continue
                }
                #expect(try Self.mapper.jid(for: Self.mapper.uri(for: jid)) == jid, "\(spelling)")
            }
        }
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `any JID that can be mapped comes back`(_ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<300 {
            let scalars = (0..<Int.random(in: 1...10, using: &random)).compactMap { _ in
                Unicode.Scalar(UInt32.random(in: 0x21...0x2FFF, using: &random))
            }
            var text = ""
            for scalar in scalars { text.unicodeScalars.append(scalar) }
            let resource = Bool.random(using: &random) ? text : nil
            guard let jid = try? JID(local: text, domain: "h.example", resource: resource) else { continue }
            let uri = try Self.mapper.uri(for: jid)
            let printed = try #require(SIPURI(uri.description))
            // A local part that ends in an escaped space is one that no server should have let in (XEP-0106 section 4.2).
            guard !text.hasPrefix(#"\20"#), !text.hasSuffix(#"\20"#) else { continue }
            #expect(try Self.mapper.jid(for: printed) == jid, "\(jid) -> \(uri)")
        }
    }
}
