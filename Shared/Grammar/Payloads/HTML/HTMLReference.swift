import Octets

/// Character references of HTML: `&amp;`, `&eacute;`, `&#233;`, `&#xE9;`.
enum HTMLReference {
    /// The text with its references resolved; what is none stays as it is.
    ///
    /// In text the few references that everybody knows may lack their semicolon; in an attribute none may, since there
    /// `&lt=1` is the next field of an address.
    static func resolve(_ octets: ArraySlice<UInt8>, inAttribute: Bool) -> String {
        guard octets.contains(UInt8(ascii: "&")) else { return String(decoding: octets, as: UTF8.self) }
        var result: [UInt8] = []
        result.reserveCapacity(octets.count)
        var index = octets.startIndex
        while index < octets.endIndex {
            if octets[index] == UInt8(ascii: "&"),
                let (scalar, next) = reference(octets[(index + 1)...], inAttribute: inAttribute)
            {
                result += Array(String(Character(scalar)).utf8)
                index = next
            } else {
                result.append(octets[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func reference(
        _ octets: ArraySlice<UInt8>,
        inAttribute: Bool
    ) -> (Unicode.Scalar, next: Int)? {
        if octets.first == UInt8(ascii: "#") { return numeric(octets.dropFirst()) }
        // No name is longer than this; looking no further keeps a row of ampersands cheap.
        let name = octets.prefix(10).prefix {
            (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20)
        }
        let isClosed = octets.dropFirst(name.count).first == UInt8(ascii: ";")
        let text = String(decoding: name, as: UTF8.self)
        guard let scalar = HTMLEntities.named[text] else { return nil }
        if isClosed { return (scalar, name.endIndex + 1) }
        guard !inAttribute, HTMLEntities.mayLackSemicolon.contains(text) else { return nil }
        return (scalar, name.endIndex)
    }

    private static func numeric(_ octets: ArraySlice<UInt8>) -> (Unicode.Scalar, next: Int)? {
        let isHex = octets.first == UInt8(ascii: "x") || octets.first == UInt8(ascii: "X")
        let radix: UInt32 = isHex ? 16 : 10
        var index = isHex ? octets.startIndex + 1 : octets.startIndex
        let start = index
        var value: UInt32 = 0
        while index < octets.endIndex, let digit = ASCII.hexadecimalValue(octets[index]), digit < radix {
            value = min(value * radix + UInt32(digit), 0x11_0000)
            index += 1
        }
        guard index > start else { return nil }
        if index < octets.endIndex, octets[index] == UInt8(ascii: ";") { index += 1 }
        return (scalar(value), index)
    }

    /// The character of a number; what XML cannot carry becomes U+FFFD, the upper controls are taken as windows-1252.
    private static func scalar(_ value: UInt32) -> Unicode.Scalar {
        switch value {
        case 0x80...0x9F: return Charset.windows1252(UInt8(value))
        case 0x09, 0x0A, 0x0D: break
        case 0..<0x20, 0xFFFE, 0xFFFF: return "\u{FFFD}"
        default: break
        }
        return Unicode.Scalar(value) ?? "\u{FFFD}"
    }
}
