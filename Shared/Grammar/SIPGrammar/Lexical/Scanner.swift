import Octets

/// A place in a header field's value, and the steps that grammars take from there.
///
/// The octets come with every call, so that the place is a plain value; what is found is a range. Values are
/// unfolded, so that linear white space is blanks alone.
struct Scanner {
    var at: Int
    let end: Int

    init(_ octets: Span<UInt8>) {
        at = 0
        end = octets.count
    }

    init(_ range: Range<Int>) {
        at = range.lowerBound
        end = range.upperBound
    }

    var isAtEnd: Bool { at >= end }

    func failure(_ reason: SIPSyntaxError.Reason = .value) -> SIPSyntaxError {
        SIPSyntaxError(reason, offset: at)
    }

    func peek(_ octets: Span<UInt8>) -> UInt8? { at < end ? octets[at] : nil }

    /// `LWS` or nothing.
    mutating func skipBlanks(_ octets: Span<UInt8>) {
        while at < end, ASCII.isBlank(octets[at]) { at += 1 }
    }

    /// Steps over an octet, if it is the next.
    mutating func take(_ octet: UInt8, _ octets: Span<UInt8>) -> Bool {
        guard at < end, octets[at] == octet else { return false }
        at += 1
        return true
    }

    /// Steps over an octet and the white space around it, if it is the next (RFC 3261 section 25.1 `COMMA`, `SEMI` …).
    mutating func takeSeparator(_ octet: UInt8, _ octets: Span<UInt8>) -> Bool {
        skipBlanks(octets)
        guard take(octet, octets) else { return false }
        skipBlanks(octets)
        return true
    }

    mutating func expect(_ octet: UInt8, _ octets: Span<UInt8>) throws(SIPSyntaxError) {
        guard take(octet, octets) else { throw failure() }
    }

    /// Steps over the octets of a set, as many as follow.
    mutating func skip(_ set: OctetSet, _ octets: Span<UInt8>) {
        while at < end, set.contains(octets[at]) { at += 1 }
    }

    /// One or more octets of a set.
    mutating func run(_ set: OctetSet, _ octets: Span<UInt8>) throws(SIPSyntaxError) -> Range<Int> {
        let start = at
        skip(set, octets)
        guard at > start else { throw failure() }
        return start..<at
    }

    /// One or more octets of a set, as text.
    mutating func text(_ set: OctetSet, _ octets: Span<UInt8>) throws(SIPSyntaxError) -> String {
        let range = try run(set, octets)
        return String(repairing: octets.extracting(range))
    }

    /// `quoted-string`; the range has the quotes.
    ///
    /// Line ends can neither stand in one nor be quoted.
    mutating func quotedString(_ octets: Span<UInt8>) throws(SIPSyntaxError) -> Range<Int> {
        let start = at
        try expect(ASCII.quote, octets)
        while at < end {
            switch octets[at] {
            case ASCII.quote:
                at += 1
                return start..<at
            case ASCII.backslash where at + 1 < end && !ASCII.isLineEnd(octets[at + 1]): at += 2
            case ASCII.backslash, ASCII.carriageReturn, ASCII.lineFeed:
                at = start
                throw failure()
            default: at += 1
            }
        }
        at = start
        throw failure()
    }

    /// A decimal number of any length; beyond the limit, the limit.
    mutating func number(_ octets: Span<UInt8>, atMost limit: UInt64) throws(SIPSyntaxError) -> UInt64 {
        let digits = try run(.digit, octets)
        return ASCII.decimal(octets.extracting(digits), limit: limit) ?? limit
    }

    /// Nothing but white space may be left.
    mutating func finish(_ octets: Span<UInt8>) throws(SIPSyntaxError) {
        skipBlanks(octets)
        guard isAtEnd else { throw failure() }
    }
}

extension Scanner {
    /// One or more octets of a set in which a `%` has two hexadecimal digits behind it.
    mutating func escapedText(_ set: OctetSet, _ octets: Span<UInt8>) throws(SIPSyntaxError) -> String {
        let range = try run(set, octets)
        try checkEscapes(range, octets)
        return String(repairing: octets.extracting(range))
    }

    func checkEscapes(_ range: Range<Int>, _ octets: Span<UInt8>) throws(SIPSyntaxError) {
        for index in range where octets[index] == ASCII.percent {
            guard index + 2 < range.upperBound,
                ASCII.hexadecimalValue(octets[index + 1]) != nil,
                ASCII.hexadecimalValue(octets[index + 2]) != nil
            else { throw SIPSyntaxError(.value, offset: index) }
        }
    }
}
