/// Questions about single octets as ASCII, and about texts whose ASCII letters have no case.
///
/// The protocols compare names without regard to case in ASCII alone. Swift's own `lowercased()` knows all of Unicode
/// and its `==` knows canonical equivalence; neither is what the protocols mean.
public enum ASCII {
    @inlinable public static var tab: UInt8 { 0x09 }
    @inlinable public static var lineFeed: UInt8 { 0x0A }
    @inlinable public static var carriageReturn: UInt8 { 0x0D }
    @inlinable public static var space: UInt8 { 0x20 }
    @inlinable public static var quote: UInt8 { 0x22 }
    @inlinable public static var percent: UInt8 { 0x25 }
    @inlinable public static var backslash: UInt8 { 0x5C }

    @inlinable
    public static func isDigit(_ octet: UInt8) -> Bool { octet &- 0x30 < 10 }

    @inlinable
    public static func isAlpha(_ octet: UInt8) -> Bool { (octet | 0x20) &- 0x61 < 26 }

    /// A space or a horizontal tab: RFC 5234 `WSP`.
    @inlinable
    public static func isBlank(_ octet: UInt8) -> Bool { octet == space || octet == tab }

    /// CR or LF.
    @inlinable
    public static func isLineEnd(_ octet: UInt8) -> Bool { octet == carriageReturn || octet == lineFeed }

    @inlinable
    public static func isControl(_ octet: UInt8) -> Bool { octet < 0x20 || octet == 0x7F }

    @inlinable
    public static func lowercased(_ octet: UInt8) -> UInt8 {
        octet &- 0x41 < 26 ? octet | 0x20 : octet
    }

    @inlinable
    public static func uppercased(_ octet: UInt8) -> UInt8 {
        octet &- 0x61 < 26 ? octet & 0xDF : octet
    }

    /// The text with `A` to `Z` made small; all else stays.
    public static func lowercased(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 &- 0x41 < 26 }) else { return text }
        return String(decoding: text.utf8.map { lowercased($0) }, as: UTF8.self)
    }

    /// The text with `a` to `z` made capital; all else stays.
    public static func uppercased(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 &- 0x61 < 26 }) else { return text }
        return String(decoding: text.utf8.map { uppercased($0) }, as: UTF8.self)
    }

    /// Whether two texts have the same octets, but for the case of ASCII letters.
    public static func equalIgnoringCase(_ left: String, _ right: String) -> Bool {
        equalIgnoringCase(left.utf8.span, right.utf8.span)
    }

    /// Whether two spans have the same octets, but for the case of ASCII letters.
    public static func equalIgnoringCase(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        for index in left.indices where left[index] != right[index] {
            guard lowercased(left[index]) == lowercased(right[index]) else { return false }
        }
        return true
    }

    /// Feeds a hasher so that texts that ``equalIgnoringCase(_:_:)-(String,_)`` calls equal hash alike.
    public static func hashIgnoringCase(_ text: String, into hasher: inout Hasher) {
        for octet in text.utf8 { hasher.combine(lowercased(octet)) }
        hasher.combine(UInt8.max)
    }

    /// The value of a decimal digit sequence; nil if it is empty, holds anything else, or exceeds `limit`.
    public static func decimal(_ digits: Span<UInt8>, limit: UInt64 = .max) -> UInt64? {
        guard !digits.isEmpty else { return nil }
        var value: UInt64 = 0
        for index in digits.indices {
            let digit = digits[index] &- 0x30
            guard digit < 10 else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
            guard !overflow, !carry, sum <= limit else { return nil }
            value = sum
        }
        return value
    }

    /// The value of a hexadecimal digit.
    @inlinable
    public static func hexadecimalValue(_ octet: UInt8) -> UInt8? {
        switch octet {
        case 0x30...0x39: octet - 0x30
        case 0x41...0x46: octet - 0x37
        case 0x61...0x66: octet - 0x57
        default: nil
        }
    }
}
