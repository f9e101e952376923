import Octets
import TestKit
import Testing

@Suite("Percent coding")
struct PercentCodingTests {
    @Test(arguments: [
        ("alice", "alice"), ("%61lice", "alice"), ("a%2540b", "a%40b"), ("%E2%82%ac", "€"), ("", ""),
        ("%00", "\0"),
    ])
    func `decodes once`(text: String, meant: String) {
        #expect(PercentCoding.decode(text) == Array(meant.utf8))
    }

    @Test(arguments: ["%", "%4", "a%", "%4g", "%g4", "%%41", "%-1"])
    func `refuses an escape without two digits`(text: String) {
        #expect(PercentCoding.decode(text) == nil)
    }

    @Test func `escapes in capitals what is not to be kept`() {
        let text = PercentCoding.encode(Array("a b/ü%".utf8), keeping: .alphanumeric.union(OctetSet("/")))
        #expect(text == "a%20b/%C3%BC%25")
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func `decodes what it encoded`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let octets = (0..<Int.random(in: 0...40, using: &random)).map { _ in
            UInt8.random(in: 0...255, using: &random)
        }
        #expect(PercentCoding.decode(PercentCoding.encode(octets, keeping: .alphanumeric)) == octets)
    }
}
