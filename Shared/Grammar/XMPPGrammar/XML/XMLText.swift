/// The characters that XML 1.0 can carry.
public enum XMLText {
    /// Text with U+FFFD for every character that XML 1.0 section 2.2 cannot carry.
    ///
    /// One BEL in a SIP text would otherwise end the stream for everybody on it.
    public static func clean(_ text: String) -> String {
        guard !isClean(text) else { return text }
        var clean = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { clean.append(isCharacter(scalar) ? scalar : "\u{FFFD}") }
        return String(clean)
    }

    /// Whether XML 1.0 can carry every character of a text.
    public static func isClean(_ text: String) -> Bool {
        let octets = text.utf8.span
        var index = 0
        while index < octets.count {
            if octets[index] < 0x20 || octets[index] == 0xEF, isForbidden(octets, at: index) { return false }
            index += 1
        }
        return true
    }

    /// Production [2] `Char` of XML 1.0.
    public static func isCharacter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x9, 0xA, 0xD, 0x20...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }

    /// Whether a character that XML cannot carry begins here, in text that is valid UTF-8.
    static func isForbidden(_ octets: Span<UInt8>, at index: Int) -> Bool {
        switch octets[index] {
        case 0x09, 0x0A, 0x0D: false
        case 0x00..<0x20: true
        case 0xEF: octets[index + 1] == 0xBF && octets[index + 2] >= 0xBE
        default: false
        }
    }
}
