import Testing
import XMPPGrammar

@Suite
struct XMLTextTests {
    @Test
    func `exactly the characters of production 2 are clean`() {
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let isCharacter =
                [0x9, 0xA, 0xD].contains(value) || (0x20...0xD7FF).contains(value)
                || (0xE000...0xFFFD).contains(value) || value >= 0x10000
            guard XMLText.isCharacter(scalar) == isCharacter, XMLText.isClean(String(scalar)) == isCharacter
            else {
                Issue.record("U+\(String(value, radix: 16))")
                return
            }
        }
    }

    @Test
    func `each character that XML cannot carry becomes one replacement character`() {
        #expect(XMLText.clean("a\u{0}b\u{1B}c\u{FFFF}") == "a\u{FFFD}b\u{FFFD}c\u{FFFD}")
        #expect(XMLText.clean("tab\t line\n return\r") == "tab\t line\n return\r")
        #expect(XMLText.clean("\u{FFFE}") == "\u{FFFD}")
    }
}
