/// `%` and two hexadecimal digits for an octet (RFC 3986 section 2.1; RFC 3261 section 25.1 `escaped`).
public enum PercentCoding {
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// The octets meant, decoded once; nil if a `%` is not followed by two hexadecimal digits.
    public static func decode(_ text: Span<UInt8>) -> [UInt8]? {
        var octets: [UInt8] = []
        octets.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            guard text[index] == ASCII.percent else {
                octets.append(text[index])
                index += 1
                continue
            }
            guard index + 2 < text.count,
                let high = ASCII.hexadecimalValue(text[index + 1]),
                let low = ASCII.hexadecimalValue(text[index + 2])
            else { return nil }
            octets.append(high << 4 | low)
            index += 3
        }
        return octets
    }

    /// The octets meant, decoded once; nil if a `%` is not followed by two hexadecimal digits.
    public static func decode(_ text: [UInt8]) -> [UInt8]? { decode(text.span) }

    /// The octets meant, decoded once; nil if a `%` is not followed by two hexadecimal digits.
    public static func decode(_ text: String) -> [UInt8]? { decode(text.utf8.span) }

    /// Adds the octets to a text, escaping (in capitals, as RFC 3986 section 6.2.2.1 asks) those outside a set.
    public static func encode(_ octets: Span<UInt8>, keeping kept: OctetSet, into text: inout [UInt8]) {
        for index in octets.indices {
            let octet = octets[index]
            if kept.contains(octet) {
                text.append(octet)
            } else {
                text.append(ASCII.percent)
                text.append(digits[Int(octet >> 4)])
                text.append(digits[Int(octet & 15)])
            }
        }
    }

    /// Adds the octets to a text, escaping (in capitals, as RFC 3986 section 6.2.2.1 asks) those outside a set.
    public static func encode(_ octets: [UInt8], keeping kept: OctetSet, into text: inout [UInt8]) {
        encode(octets.span, keeping: kept, into: &text)
    }

    /// The octets as text, those outside a set escaped.
    public static func encode(_ octets: [UInt8], keeping kept: OctetSet) -> String {
        var text: [UInt8] = []
        encode(octets.span, keeping: kept, into: &text)
        return String(decoding: text, as: UTF8.self)
    }
}
