import Octets

/// A message without its body: the start line and the header section.
struct SIPHead {
    var startLine: SIPStartLine
    var headers: SIPHeaders
    /// What Content-Length says; it is not among ``headers``, for it is the body's to say.
    var contentLength: Int?
    /// The place of the body's first octet.
    var end: Int

    /// Reads from the first octet of the start line to the blank line.
    static func parse(
        _ octets: Span<UInt8>,
        from start: Int,
        limits: SIPLimits
    ) throws(SIPSyntaxError) -> SIPHead {
        var reader = FieldReader(at: start)
        let line = try reader.startLine(octets, limits: limits)
        let startLine = try SIPStartLine.parse(octets, line)
        var fields: [SIPHeaderField] = []
        fields.reserveCapacity(16)
        var contentLength: Int?
        while let field = try reader.next(octets, limits: limits) {
            guard reader.count <= limits.fields else { throw SIPSyntaxError(.tooLarge, offset: reader.at) }
            if field.name == .contentLength {
                try note(field.length(octets), in: &contentLength)
            } else {
                fields.append(SIPHeaderField(name: field.name, parsed: field.text(octets)))
            }
        }
        return SIPHead(
            startLine: startLine,
            headers: SIPHeaders(parsed: fields),
            contentLength: contentLength,
            end: reader.at
        )
    }

    /// A Content-Length that comes again may only say the same: whoever believed another would frame another body.
    private static func note(_ length: Int, in contentLength: inout Int?) throws(SIPSyntaxError) {
        guard contentLength == nil || contentLength == length else {
            throw SIPSyntaxError(.duplicate, header: .contentLength)
        }
        contentLength = length
    }

    func message(body: [UInt8]) -> SIPMessage {
        switch startLine {
        case .request(let method, let uri):
            .request(SIPRequest(method, uri, headers: headers, body: body))
        case .status(let status, let reason):
            .response(SIPResponse(status, reason: reason, headers: headers, body: body))
        }
    }
}
