import Octets

/// Octets as pairs of hexadecimal digits with colons between them (RFC 8122 section 5, RFC 5547 section 6).
enum HexPairs {
    /// Reads as many pairs as there are; in small letters too, which many peers write.
    static func parse(_ octets: Span<UInt8>, _ cursor: inout Cursor) -> [UInt8]? {
        var values: [UInt8] = []
        repeat {
            guard cursor.end - cursor.at >= 2, let high = ASCII.hexadecimalValue(octets[cursor.at]),
                let low = ASCII.hexadecimalValue(octets[cursor.at + 1])
            else { return nil }
            values.append(high << 4 | low)
            cursor.at += 2
        } while cursor.take(UInt8(ascii: ":"), octets)
        return values
    }

    /// The pairs in capitals, as the RFCs have them.
    static func text(of octets: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(octets.count * 3)
        for octet in octets {
            if !text.isEmpty { text.append(UInt8(ascii: ":")) }
            text.append(digits[Int(octet >> 4)])
            text.append(digits[Int(octet & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static let digits = Array("0123456789ABCDEF".utf8)
}
