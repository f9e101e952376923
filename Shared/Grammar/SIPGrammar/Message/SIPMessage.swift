import Octets

// Conforms: RFC 3261 §7 (complete)
// Conforms: RFC 3261 §25 (complete)

/// A SIP message: a request or a response (RFC 3261 section 7).
public enum SIPMessage: Hashable, Sendable {
    case request(SIPRequest)
    case response(SIPResponse)

    /// Reads one datagram.
    ///
    /// The body is as long as Content-Length says, and what follows it is ignored; without Content-Length it goes to the
    /// end (RFC 3261 section 18.3). Only the form of the header section is checked here; header fields are read when asked
    /// for, all that must be there by ``SIPRequest/mandatory()``.
    public static func parse(
        _ octets: Span<UInt8>,
        limits: SIPLimits = .standard
    ) throws(SIPSyntaxError) -> SIPMessage {
        guard octets.count <= limits.message else { throw SIPSyntaxError(.tooLarge) }
        let start = skipLineEnds(octets)
        guard start < octets.count else { throw SIPSyntaxError(.empty) }
        let head = try SIPHead.parse(octets, from: start, limits: limits)
        let rest = octets.count - head.end
        let length = head.contentLength ?? rest
        guard length <= rest else {
            throw SIPSyntaxError(.truncated, offset: octets.count, header: .contentLength)
        }
        return head.message(body: [UInt8](copying: octets.extracting(head.end..<head.end + length)))
    }

    /// Reads one datagram.
    public static func parse(
        _ octets: [UInt8],
        limits: SIPLimits = .standard
    ) throws(SIPSyntaxError) -> SIPMessage {
        try parse(octets.span, limits: limits)
    }

    public var headers: SIPHeaders {
        switch self {
        case .request(let request): request.headers
        case .response(let response): response.headers
        }
    }

    public var body: [UInt8] {
        switch self {
        case .request(let request): request.body
        case .response(let response): response.body
        }
    }

    public func write(into octets: inout [UInt8]) {
        switch self {
        case .request(let request): request.write(into: &octets)
        case .response(let response): response.write(into: &octets)
        }
    }

    /// The message as it goes over the wire.
    public var octets: [UInt8] {
        var octets: [UInt8] = []
        write(into: &octets)
        return octets
    }

    /// Line ends before the start line are passed over (RFC 3261 section 7.5).
    static func skipLineEnds(_ octets: Span<UInt8>) -> Int {
        var start = 0
        while start + 1 < octets.count, octets[start] == ASCII.carriageReturn,
            octets[start + 1] == ASCII.lineFeed
        {
            start += 2
        }
        return start
    }

    /// Ends the header section with the length of the body, and adds the body.
    static func write(body: [UInt8], into octets: inout [UInt8]) {
        octets.append(text: "Content-Length: ")
        octets.append(decimal: body.count)
        octets.append(text: "\r\n\r\n")
        octets.append(contentsOf: body)
    }
}
