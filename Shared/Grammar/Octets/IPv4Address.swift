/// A dotted quad (RFC 3986 section 3.2.2 `IPv4address`).
public struct IPv4Address: Hashable, Sendable {
    /// Its 32 bits, the first octet highest.
    public private(set) var bits: UInt32

    /// Reads four numbers of at most 255, leading zeros allowed.
    public init?(_ text: Span<UInt8>) {
        guard text.count >= 7, text.count <= 15 else { return nil }
        bits = 0
        var dots = 0
        var digits = 0
        var value: UInt32 = 0
        for index in text.indices {
            let octet = text[index]
            if ASCII.isDigit(octet) {
                digits += 1
                value = value * 10 + UInt32(octet &- 0x30)
                guard digits <= 3, value <= 255 else { return nil }
            } else {
                guard octet == UInt8(ascii: "."), digits > 0, dots < 3 else { return nil }
                bits = bits << 8 | value
                dots += 1
                digits = 0
                value = 0
            }
        }
        guard dots == 3, digits > 0 else { return nil }
        bits = bits << 8 | value
    }
}
