import Octets

/// Tells the values of one line apart: at commas, but not at those in quoted strings, angle brackets or comments.
enum ListSplitter {
    static func ranges(_ octets: Span<UInt8>) throws(SIPSyntaxError) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var scanner = Scanner(octets)
        var start = 0
        var brackets = 0
        var comments = 0
        while let octet = scanner.peek(octets) {
            switch octet {
            case ASCII.quote where brackets == 0:
                _ = try scanner.quotedString(octets)
                continue
            case UInt8(ascii: "<"): brackets = 1
            case UInt8(ascii: ">"): brackets = 0
            case UInt8(ascii: "(") where brackets == 0: comments += 1
            case UInt8(ascii: ")") where comments > 0: comments -= 1
            case UInt8(ascii: ",") where brackets == 0 && comments == 0:
                add(start..<scanner.at, octets, to: &ranges)
                start = scanner.at + 1
            default: break
            }
            scanner.at += 1
        }
        guard brackets == 0, comments == 0 else { throw scanner.failure() }
        add(start..<scanner.end, octets, to: &ranges)
        return ranges
    }

    /// Empty values are passed over: they say nothing, and `Supported:` without a value is legitimate.
    private static func add(_ range: Range<Int>, _ octets: Span<UInt8>, to ranges: inout [Range<Int>]) {
        var lower = range.lowerBound
        var upper = range.upperBound
        while lower < upper, ASCII.isBlank(octets[lower]) { lower += 1 }
        while upper > lower, ASCII.isBlank(octets[upper - 1]) { upper -= 1 }
        if lower < upper { ranges.append(lower..<upper) }
    }
}
