import Octets

/// Steps through a header section line by line, finding names and values without making any.
struct FieldReader {
    /// The place of the next line; behind the blank line, that of the body.
    private(set) var at: Int
    /// The header fields that were read.
    private(set) var count: Int

    init(at start: Int, count: Int = 0) {
        at = start
        self.count = count
    }

    /// A header field as places in the octets.
    struct Found {
        var name: SIPHeaderName
        /// The value without white space around it.
        var value: Range<Int>
        /// Whether there are line ends in the value.
        var isFolded: Bool
    }

    /// Steps over the first line and says where it is, its line end left out.
    mutating func startLine(_ octets: Span<UInt8>, limits: SIPLimits) throws(SIPSyntaxError) -> Range<Int> {
        let start = at
        while at < octets.count, octets[at] != ASCII.carriageReturn, octets[at] != ASCII.lineFeed { at += 1 }
        guard at - start <= limits.line else { throw SIPSyntaxError(.tooLarge, offset: start) }
        let end = at
        guard at + 1 < octets.count else { throw SIPSyntaxError(.truncated, offset: at) }
        guard takeLineEnd(octets) else { throw SIPSyntaxError(.control, offset: at) }
        return start..<end
    }

    /// The next header field; nil at the blank line, which is stepped over.
    mutating func next(_ octets: Span<UInt8>, limits: SIPLimits) throws(SIPSyntaxError) -> Found? {
        let start = at
        guard at < octets.count else { throw SIPSyntaxError(.truncated, offset: at) }
        if takeLineEnd(octets) { return nil }
        while at < octets.count, Grammar.token.contains(octets[at]) { at += 1 }
        let end = at
        while at < octets.count, ASCII.isBlank(octets[at]) { at += 1 }
        guard at < octets.count, !isCutLineEnd(octets) else {
            throw SIPSyntaxError(.truncated, offset: start)
        }
        guard end > start, octets[at] == UInt8(ascii: ":") else { throw SIPSyntaxError(.field, offset: at) }
        at += 1
        let name = SIPHeaderName(octets.extracting(start..<end))
        do throws(SIPSyntaxError) {
            let found = try value(octets, of: name)
            guard at - start <= limits.line else { throw SIPSyntaxError(.tooLarge, offset: start) }
            count += 1
            return found
        } catch {
            throw error.naming(name)
        }
    }

    /// Steps over a value and the lines that continue it.
    private mutating func value(_ octets: Span<UInt8>, of name: SIPHeaderName) throws(SIPSyntaxError) -> Found
    {
        let start = at
        var hasControl = false
        var isFolded = false
        while true {
            while at < octets.count, octets[at] >= 0x20, octets[at] != 0x7F { at += 1 }
            guard at < octets.count else { throw SIPSyntaxError(.truncated, offset: at) }
            if octets[at] == ASCII.carriageReturn {
                let end = at
                guard at + 1 < octets.count else { throw SIPSyntaxError(.truncated, offset: at) }
                guard takeLineEnd(octets) else { throw SIPSyntaxError(.control, offset: at) }
                if at < octets.count, ASCII.isBlank(octets[at]) {
                    isFolded = true
                    continue
                }
                let found = Found(name: name, value: trimmed(octets, start..<end), isFolded: isFolded)
                if hasControl { try found.checkControls(octets) }
                return found
            }
            // A bare LF is wrong wherever it stands; to go on would let many of them cost many times the section.
            guard octets[at] != ASCII.lineFeed else { throw SIPSyntaxError(.control, offset: at) }
            hasControl = hasControl || octets[at] != ASCII.tab
            at += 1
        }
    }

    private mutating func takeLineEnd(_ octets: Span<UInt8>) -> Bool {
        guard at + 1 < octets.count, octets[at] == ASCII.carriageReturn, octets[at + 1] == ASCII.lineFeed
        else {
            return false
        }
        at += 2
        return true
    }

    /// Whether nothing but the first half of a line end is left.
    private func isCutLineEnd(_ octets: Span<UInt8>) -> Bool {
        at + 1 == octets.count && octets[at] == ASCII.carriageReturn
    }

    private func trimmed(_ octets: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        var lower = range.lowerBound
        var upper = range.upperBound
        while lower < upper, Found.isSpace(octets[lower]) { lower += 1 }
        while upper > lower, Found.isSpace(octets[upper - 1]) { upper -= 1 }
        return lower..<upper
    }
}

extension FieldReader.Found {
    /// The value as text; what is folded is put on one line (RFC 3261 section 7.3.1).
    func text(_ octets: Span<UInt8>) -> String {
        let raw = octets.extracting(value)
        return isFolded ? String(repairing: Self.unfolded(raw).span) : String(repairing: raw)
    }

    /// The value as a number of octets (RFC 3261 section 20.14): digits alone, and few enough to be a place in memory.
    func length(_ octets: Span<UInt8>) throws(SIPSyntaxError) -> Int {
        guard let length = ASCII.decimal(octets.extracting(value), limit: UInt64(Int32.max)) else {
            throw SIPSyntaxError(.value, offset: value.lowerBound, header: name)
        }
        return Int(length)
    }

    /// Control characters may stand behind a `\` in a quoted string and nowhere else (RFC 3261 section 25.1).
    fileprivate func checkControls(_ octets: Span<UInt8>) throws(SIPSyntaxError) {
        let unfolded = Self.unfolded(octets.extracting(value))
        guard Quoting.isClean(unfolded.span) else { throw SIPSyntaxError(.control, offset: value.lowerBound) }
    }

    fileprivate static func isSpace(_ octet: UInt8) -> Bool {
        ASCII.isBlank(octet) || octet == ASCII.carriageReturn || octet == ASCII.lineFeed
    }

    /// Each line end, with the white space around it, as one space.
    private static func unfolded(_ raw: Span<UInt8>) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(raw.count)
        var index = 0
        while index < raw.count {
            guard raw[index] == ASCII.carriageReturn, index + 1 < raw.count, raw[index + 1] == ASCII.lineFeed
            else {
                line.append(raw[index])
                index += 1
                continue
            }
            while let last = line.last, ASCII.isBlank(last) { line.removeLast() }
            while index < raw.count, isSpace(raw[index]) { index += 1 }
            line.append(ASCII.space)
        }
        return line
    }
}
