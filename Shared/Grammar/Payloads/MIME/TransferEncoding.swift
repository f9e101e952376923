import Octets

/// The Content-Transfer-Encodings of RFC 2045 section 6.
enum TransferEncoding: Hashable, Sendable {
    case identity
    case base64
    case quotedPrintable

    init?(_ name: String) {
        switch name.lowercased() {
        case "", "7bit", "8bit", "binary": self = .identity
        case "base64": self = .base64
        case "quoted-printable": self = .quotedPrintable
        default: return nil
        }
    }

    func decode(_ octets: ArraySlice<UInt8>) -> [UInt8] {
        switch self {
        case .identity: Array(octets)
        case .base64: Self.base64(octets)
        case .quotedPrintable: Self.quotedPrintable(octets)
        }
    }

    /// RFC 2045 section 6.8: octets outside the alphabet are passed over, padding ends the data.
    private static func base64(_ octets: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(octets.count / 4 * 3)
        var bits: UInt32 = 0
        var count = 0
        for octet in octets {
            if octet == UInt8(ascii: "=") { break }
            guard let value = sextet(octet) else { continue }
            bits = bits << 6 | UInt32(value)
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            result.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        }
        return result
    }

    private static func sextet(_ octet: UInt8) -> UInt8? {
        switch octet {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): octet - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): octet - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): octet - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }

    /// RFC 2045 section 6.7; a `=` that begins no escape stays as it is, as the section's note (1) suggests.
    private static func quotedPrintable(_ octets: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(octets.count)
        var start = octets.startIndex
        while start < octets.endIndex {
            let line = Line(at: start, in: octets)
            let isSoft = append(octets[line.range], to: &result)
            // The line's own break, CRLF or LF, is text unless the line ended in "=".
            if !isSoft { result += octets[line.range.upperBound..<line.next] }
            guard isSoft || line.next > line.range.upperBound else { break }
            start = line.next
        }
        return result
    }

    /// Appends a line with its escapes undone; true when it ended in a soft break.
    private static func append(_ line: ArraySlice<UInt8>, to result: inout [UInt8]) -> Bool {
        // Blanks at the end were added on the way (rule 3).
        guard let last = line.lastIndex(where: { !ASCII.isBlank($0) }) else { return false }
        var index = line.startIndex
        while index <= last {
            let octet = line[index]
            guard octet == UInt8(ascii: "=") else {
                result.append(octet)
                index += 1
                continue
            }
            if index == last { return true }
            if index + 2 <= last, let high = ASCII.hexadecimalValue(line[index + 1]),
                let low = ASCII.hexadecimalValue(line[index + 2])
            {
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(octet)
                index += 1
            }
        }
        return false
    }
}
