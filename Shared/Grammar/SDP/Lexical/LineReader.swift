import Octets

/// Steps through a description line by line.
struct LineReader {
    /// A line as places in the octets: `type=value`.
    struct Line {
        var type: UInt8
        var value: Range<Int>
    }

    private var at = 0
    /// The number of the line that was last read, from 1.
    private(set) var number = 0

    /// The next line; nil behind the last.
    mutating func next(_ octets: Span<UInt8>) throws(SDPSyntaxError) -> Line? {
        guard at < octets.count else { return nil }
        number += 1
        let start = at
        while at < octets.count, octets[at] > ASCII.carriageReturn { at += 1 }
        // Behind a control character the rest of the line is looked at more closely; few lines hold one before their end.
        while at < octets.count, octets[at] != ASCII.lineFeed {
            guard octets[at] != 0, octets[at] != ASCII.carriageReturn || isLineEnd(octets, at + 1) else {
                throw SDPSyntaxError(.control, line: number)
            }
            at += 1
        }
        var end = at
        // COMPAT: RFC 8866 section 5 lets a lone LF end a line, and many peers' last line has no end at all.
        if at < octets.count { at += 1 }
        if end > start, octets[end - 1] == ASCII.carriageReturn { end -= 1 }
        guard end > start else {
            try finish(octets)
            return nil
        }
        guard end - start >= 2, octets[start + 1] == UInt8(ascii: "="), ASCII.isAlpha(octets[start]) else {
            throw SDPSyntaxError(.line, line: number)
        }
        return Line(type: octets[start], value: start + 2..<end)
    }

    // COMPAT: proxies and phones that count a body generously end it with empty lines; nothing else may follow them.
    private mutating func finish(_ octets: Span<UInt8>) throws(SDPSyntaxError) {
        while at < octets.count {
            guard octets[at] == ASCII.carriageReturn || octets[at] == ASCII.lineFeed else {
                throw SDPSyntaxError(.line, line: number)
            }
            at += 1
        }
    }

    private func isLineEnd(_ octets: Span<UInt8>, _ index: Int) -> Bool {
        index >= octets.count || octets[index] == ASCII.lineFeed
    }
}
