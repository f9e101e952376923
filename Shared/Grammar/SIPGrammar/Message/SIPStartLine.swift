import Octets

/// The first line of a message (RFC 3261 section 7).
enum SIPStartLine: Hashable {
    case request(SIPMethod, SIPRequestURI)
    case status(Int, String)

    /// Reads the line that takes a range; its line end is not in it.
    static func parse(_ octets: Span<UInt8>, _ range: Range<Int>) throws(SIPSyntaxError) -> SIPStartLine {
        var line = range
        // Harmless and seen in the field (RFC 4475 section 3.1.2.10): white space at the end.
        while let last = line.last, ASCII.isBlank(octets[last]) { line = line.lowerBound..<last }
        var scanner = Scanner(line)
        let word = try startRun(Grammar.token, octets, &scanner)
        if scanner.peek(octets) == UInt8(ascii: "/") {
            return try statusLine(octets, line)
        }
        try scanner.expectStart(ASCII.space, octets)
        let uri = try startRun(.visible, octets, &scanner)
        try scanner.expectStart(ASCII.space, octets)
        try version(octets, &scanner)
        guard scanner.isAtEnd else { throw scanner.failure(.startLine) }
        let target = try SIPRequestURI.parse(octets, uri)
        // Headers inside a Request-URI would become header fields of the request (RFC 3261 section 19.1.1).
        guard target.sip?.headers == nil else { throw SIPSyntaxError(.uri, offset: uri.lowerBound) }
        return .request(SIPMethod(parsed: String(repairing: octets.extracting(word))), target)
    }

    private static func statusLine(
        _ octets: Span<UInt8>,
        _ line: Range<Int>
    ) throws(SIPSyntaxError) -> SIPStartLine {
        var scanner = Scanner(line)
        try version(octets, &scanner)
        try scanner.expectStart(ASCII.space, octets)
        let digits = try startRun(.digit, octets, &scanner)
        guard digits.count == 3, let status = ASCII.decimal(octets.extracting(digits), limit: 699),
            status >= 100
        else {
            throw SIPSyntaxError(.startLine, offset: digits.lowerBound)
        }
        // The space before an empty reason phrase may be missing.
        guard !scanner.isAtEnd else { return .status(Int(status), "") }
        try scanner.expectStart(ASCII.space, octets)
        let reason = octets.extracting(scanner.at..<line.upperBound)
        for index in reason.indices where ASCII.isControl(reason[index]) && reason[index] != ASCII.tab {
            throw SIPSyntaxError(.control, offset: scanner.at + index)
        }
        return .status(Int(status), String(repairing: reason))
    }

    /// `SIP-Version`: `SIP/2.0`, the letters in either case.
    private static func version(_ octets: Span<UInt8>, _ scanner: inout Scanner) throws(SIPSyntaxError) {
        let start = scanner.at
        let name = try startRun(.alpha, octets, &scanner)
        guard ASCII.equalIgnoringCase(octets.extracting(name), "SIP".utf8.span) else {
            throw SIPSyntaxError(.startLine, offset: start)
        }
        try scanner.expectStart(UInt8(ascii: "/"), octets)
        let major = try startRun(.digit, octets, &scanner)
        try scanner.expectStart(UInt8(ascii: "."), octets)
        let minor = try startRun(.digit, octets, &scanner)
        guard ASCII.decimal(octets.extracting(major)) == 2, ASCII.decimal(octets.extracting(minor)) == 0
        else {
            throw SIPSyntaxError(.version, offset: start)
        }
    }

    private static func startRun(
        _ set: OctetSet,
        _ octets: Span<UInt8>,
        _ scanner: inout Scanner
    ) throws(SIPSyntaxError) -> Range<Int> {
        let start = scanner.at
        scanner.skip(set, octets)
        guard scanner.at > start else { throw scanner.failure(.startLine) }
        return start..<scanner.at
    }
}

extension Scanner {
    fileprivate mutating func expectStart(_ octet: UInt8, _ octets: Span<UInt8>) throws(SIPSyntaxError) {
        guard take(octet, octets) else { throw failure(.startLine) }
    }
}
