import Octets
import Testing

@Suite("Octets as text")
struct StringOctetsTests {
    @Test(
        arguments: [
            (Array("grün".utf8), "grün", "grün"), ([0x67, 0x72, 0xFC, 0x6E], "gr\u{FFFD}n", nil),
            ([], "", ""),
            ([0x61, 0xED, 0xA0, 0x80], "a\u{FFFD}\u{FFFD}\u{FFFD}", nil),
        ] as [([UInt8], String, String?)]
    )
    func `repairs what is not UTF-8, or refuses it when asked`(
        octets: [UInt8],
        repaired: String,
        strict: String?
    ) {
        let text = String(repairing: octets.span)
        let found = String(strictly: octets.span)
        #expect(text == repaired)
        #expect(found == strict)
    }

    @Test func `adds texts and numbers to octets`() {
        let source: [UInt8] = [1, 2, 3]
        var octets = [UInt8](copying: source.span.extracting(1..<3))
        octets.append(text: "é")
        octets.append(decimal: -42)
        octets.append(decimal: UInt8.max)
        #expect(octets == [2, 3, 0xC3, 0xA9] + Array("-42255".utf8))
    }
}
