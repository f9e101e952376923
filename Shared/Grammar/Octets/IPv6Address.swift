// Conforms: RFC 5118 §4 (complete)

/// The 128 bits of an IPv6 address and their text (RFC 4291 section 2.2; canonical by RFC 5952).
public struct IPv6Address: Hashable, Sendable {
    public private(set) var groups: [UInt16]

    /// Reads any of RFC 4291's spellings, without brackets and zone.
    public init?(_ text: Span<UInt8>) {
        var head: [UInt16] = []
        var tail: [UInt16]?
        var index = 0
        while index < text.count {
            if text[index] == UInt8(ascii: ":") {
                guard let next = Self.skipColons(text, from: index, isFirst: head.isEmpty && tail == nil)
                else { return nil }
                if next.isGap {
                    guard tail == nil else { return nil }
                    tail = []
                }
                index = next.index
                if index == text.count {
                    guard next.isGap else { return nil }
                    break
                }
            } else if index > 0 {
                return nil
            }
            var found: [UInt16] = []
            guard let next = Self.group(text, from: index, into: &found) else { return nil }
            if tail == nil { head += found } else { tail?.append(contentsOf: found) }
            guard head.count + (tail?.count ?? 0) <= 8, found.count == 1 || next == text.count else {
                return nil
            }
            index = next
        }
        let missing = 8 - head.count - (tail?.count ?? 0)
        guard tail == nil ? missing == 0 : missing > 0 else { return nil }
        groups = head + [UInt16](repeating: 0, count: missing) + (tail ?? [])
    }

    /// The text by RFC 5952: small letters, the longest run of zeros as `::`, an embedded IPv4 address where it is mapped.
    public var text: String {
        if groups.prefix(5).allSatisfy({ $0 == 0 }), groups[5] == 0xFFFF {
            let octets = groups.suffix(2).flatMap { [$0 >> 8, $0 & 0xFF] }
            return "::ffff:" + octets.map { String($0) }.joined(separator: ".")
        }
        let gap = longestZeroRun
        guard gap.count > 1 else { return Self.joined(groups[...]) }
        return Self.joined(groups[..<gap.lowerBound]) + "::" + Self.joined(groups[gap.upperBound...])
    }

    private var longestZeroRun: Range<Int> {
        var longest = 0..<0
        var start = 0
        for index in 0..<8 {
            guard groups[index] == 0 else {
                start = index + 1
                continue
            }
            if index + 1 - start > longest.count { longest = start..<index + 1 }
        }
        return longest
    }

    private static func joined(_ groups: ArraySlice<UInt16>) -> String {
        groups.map { String($0, radix: 16) }.joined(separator: ":")
    }

    /// Steps over `:` or `::`.
    private static func skipColons(
        _ text: Span<UInt8>,
        from start: Int,
        isFirst: Bool
    ) -> (index: Int, isGap: Bool)? {
        var index = start
        while index < text.count, text[index] == UInt8(ascii: ":") { index += 1 }
        switch index - start {
        case 1: return isFirst ? nil : (index, false)
        case 2: return (index, true)
        // COMPAT: RFC 3261's grammar produces `:::` before an embedded IPv4 address (RFC 5118 section 4.10).
        case 3 where (index..<text.count).contains(where: { text[$0] == UInt8(ascii: ".") }):
            return (index, true)
        default: return nil
        }
    }

    /// Reads one group, or two from an embedded IPv4 address.
    private static func group(_ text: Span<UInt8>, from start: Int, into groups: inout [UInt16]) -> Int? {
        var index = start
        var value: UInt32 = 0
        while index < text.count, let digit = ASCII.hexadecimalValue(text[index]) {
            value = value << 4 | UInt32(digit)
            index += 1
            guard index - start <= 4 else { return nil }
        }
        guard index > start else { return nil }
        if index < text.count, text[index] == UInt8(ascii: ".") {
            guard let quad = IPv4Address(text.extracting(start..<text.count)) else { return nil }
            groups = [UInt16(quad.bits >> 16), UInt16(quad.bits & 0xFFFF)]
            return text.count
        }
        groups = [UInt16(value)]
        return index
    }
}
