/// Octets as hexadecimal digits (RFC 4648 section 8), lower-case.
public enum Hex {
    private static let digits = Array("0123456789abcdef".utf8)

    public static func encode(_ octets: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(octets.count * 2)
        for octet in octets {
            text.append(digits[Int(octet >> 4)])
            text.append(digits[Int(octet & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The octets that a text of digits spells, in either case; nil if it is not one.
    public static func decode(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var octets: [UInt8] = []
        octets.reserveCapacity(digits.count / 2)
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = ASCII.hexadecimalValue(digits[index]),
                let low = ASCII.hexadecimalValue(digits[index + 1])
            else { return nil }
            octets.append(high << 4 | low)
        }
        return octets
    }
}
