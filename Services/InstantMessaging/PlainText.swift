import XMPPGrammar

/// Text as XML can carry it (MAPPING 4.5).
enum PlainText {
    /// Line breaks as single LFs, and U+FFFD for every character that XML 1.0 has no place for.
    static func clean(_ text: String) -> String {
        XMLText.clean(unfolded(text))
    }

    /// One line: line breaks and other controls become spaces, white space at the ends goes.
    static func line(_ text: String) -> String {
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            line.append(scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? " " : scalar)
        }
        while line.first == " " { line.removeFirst() }
        while line.last == " " { line.removeLast() }
        return XMLText.clean(String(line))
    }

    private static func unfolded(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "\r")) else { return text }
        var octets: [UInt8] = []
        octets.reserveCapacity(text.utf8.count)
        var follows = false
        for octet in text.utf8 {
            // The LF of a CRLF was written when its CR was seen.
            if octet == UInt8(ascii: "\n"), follows {
                follows = false
                continue
            }
            follows = octet == UInt8(ascii: "\r")
            octets.append(follows ? UInt8(ascii: "\n") : octet)
        }
        return String(decoding: octets, as: UTF8.self)
    }
}
