/// The textual form of IPv6 addresses (RFC 3986 section 3.2.2 `IPv6address`).
enum IPv6 {
    static func isAddress(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count <= 45 else { return false }
        guard let gap = gap(in: text) else { return groups(text, mayEndInIPv4: true) == 8 }
        let head = text[..<gap]
        let tail = text[(gap + 2)...]
        guard let before = head.isEmpty ? 0 : groups(head, mayEndInIPv4: false),
            let after = tail.isEmpty ? 0 : groups(tail, mayEndInIPv4: true)
        else { return false }
        return before + after <= 7
    }

    /// Where the first `::` is.
    private static func gap(in text: ArraySlice<UInt8>) -> Int? {
        text.indices.dropLast().first { text[$0] == UInt8(ascii: ":") && text[$0 + 1] == UInt8(ascii: ":") }
    }

    /// How many 16-bit groups a text without `::` stands for; nil when it is wrong.
    private static func groups(_ text: ArraySlice<UInt8>, mayEndInIPv4: Bool) -> Int? {
        let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        var count = 0
        for (index, part) in parts.enumerated() {
            if isGroup(part) {
                count += 1
            } else if mayEndInIPv4, index == parts.count - 1, isIPv4(part) {
                count += 2
            } else {
                return nil
            }
        }
        return count
    }

    private static func isGroup(_ part: ArraySlice<UInt8>) -> Bool {
        (1...4).contains(part.count) && part.allSatisfy { Unicode.Scalar($0).properties.isASCIIHexDigit }
    }

    private static func isIPv4(_ part: ArraySlice<UInt8>) -> Bool {
        let numbers = part.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return numbers.count == 4
            && numbers.allSatisfy { digits in
                guard let number = UInt8(String(decoding: digits, as: UTF8.self)) else { return false }
                return String(number).utf8.elementsEqual(digits)
            }
    }
}
