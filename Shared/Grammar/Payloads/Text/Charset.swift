/// The character encodings that text bodies come in (MAPPING 4.5).
public enum Charset {
    /// The text that the octets stand for; nil for a charset that is not known.
    ///
    /// Known are UTF-8, US-ASCII, ISO-8859-1, windows-1252 and UTF-16 with either order or a byte order mark. What is
    /// wrong in the octets becomes U+FFFD, a byte order mark at the beginning is no part of the text.
    public static func decode(_ octets: [UInt8], as name: String) -> String? {
        switch name.lowercased() {
        // US-ASCII is a part of UTF-8, and those who send more under its name nearly always mean UTF-8.
        case "utf-8", "utf8", "us-ascii", "ascii", "ansi_x3.4-1968", "iso646-us": utf8(octets)
        case "iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "l1": latin1(octets)
        case "windows-1252", "cp1252", "x-cp1252": windows1252(octets)
        case "utf-16": utf16(octets)
        case "utf-16be": utf16(octets, bigEndian: true)
        case "utf-16le": utf16(octets, bigEndian: false)
        default: nil
        }
    }

    private static func utf8(_ octets: [UInt8]) -> String {
        let hasMark = octets.starts(with: [0xEF, 0xBB, 0xBF])
        return String(decoding: hasMark ? octets[3...] : octets[...], as: UTF8.self)
    }

    private static func latin1(_ octets: [UInt8]) -> String {
        var text = ""
        for octet in octets { text.unicodeScalars.append(Unicode.Scalar(octet)) }
        return text
    }

    private static func windows1252(_ octets: [UInt8]) -> String {
        var text = ""
        for octet in octets { text.unicodeScalars.append(windows1252(octet)) }
        return text
    }

    /// UTF-16 that says its order by a mark; without one the first octet is the high one (RFC 2781 section 4.3).
    private static func utf16(_ octets: [UInt8]) -> String {
        if octets.starts(with: [0xFF, 0xFE]) { return utf16(octets, bigEndian: false) }
        return utf16(octets, bigEndian: true)
    }

    private static func utf16(_ octets: [UInt8], bigEndian: Bool) -> String {
        var units: [UInt16] = []
        units.reserveCapacity(octets.count / 2 + 1)
        for index in stride(from: 0, to: octets.count - 1, by: 2) {
            let (first, second) = (UInt16(octets[index]), UInt16(octets[index + 1]))
            units.append(bigEndian ? first << 8 | second : second << 8 | first)
        }
        // Half a unit at the end is no character.
        if !octets.count.isMultiple(of: 2) { units.append(0xFFFD) }
        return String(decoding: units.first == 0xFEFF ? units[1...] : units[...], as: UTF16.self)
    }

    /// The character of one octet of windows-1252; the five that it leaves open become U+FFFD.
    static func windows1252(_ octet: UInt8) -> Unicode.Scalar {
        guard (0x80...0x9F).contains(octet) else { return Unicode.Scalar(octet) }
        return upperControls[Int(octet) - 0x80]
    }

    /// What windows-1252 has where ISO-8859-1 has the upper controls, 0x80 to 0x9F.
    private static let upperControls: [Unicode.Scalar] = [
        "\u{20AC}", "\u{FFFD}", "\u{201A}", "\u{0192}", "\u{201E}", "\u{2026}", "\u{2020}", "\u{2021}",
        "\u{02C6}", "\u{2030}", "\u{0160}", "\u{2039}", "\u{0152}", "\u{FFFD}", "\u{017D}", "\u{FFFD}",
        "\u{FFFD}", "\u{2018}", "\u{2019}", "\u{201C}", "\u{201D}", "\u{2022}", "\u{2013}", "\u{2014}",
        "\u{02DC}", "\u{2122}", "\u{0161}", "\u{203A}", "\u{0153}", "\u{FFFD}", "\u{017E}", "\u{0178}",
    ]
}
