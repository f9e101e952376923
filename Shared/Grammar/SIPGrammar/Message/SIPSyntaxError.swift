/// Why octets are not a SIP message or not a header field's value.
///
/// Whoever has to answer finds in ``status`` and ``phrase`` what RFC 3261 asks for, with the header field named.
public struct SIPSyntaxError: Error, Hashable, Sendable {
    public enum Reason: Hashable, Sendable {
        /// Nothing but line ends: a keep-alive (RFC 5626 section 3.5.1), not a message.
        case empty
        /// The first line is neither a request line nor a status line.
        case startLine
        /// The first line is a request line or a status line of another version than `SIP/2.0`.
        case version
        /// A URI that is none.
        case uri
        /// A line of the header section that is no header field.
        case field
        /// An octet that text must not hold: a control character, a bare CR or LF.
        case control
        /// A header field's value is not what its grammar allows.
        case value
        /// A number is larger than its header field allows.
        case range
        /// A header field that every message of the kind must have is not there.
        case missing
        /// A header field that may be there once is there again.
        case duplicate
        /// The method of CSeq is not the one of the request line (RFC 3261 section 8.1.1.5).
        case method
        /// The octets end before the header section or the body does.
        case truncated
        /// More or longer than the limits allow.
        case tooLarge
    }

    public var reason: Reason
    /// Where, in octets from the start of what was parsed: the message, or the header field's value.
    public var offset: Int
    /// The header field at fault, if it is one's.
    public var header: SIPHeaderName?

    public init(_ reason: Reason, offset: Int = 0, header: SIPHeaderName? = nil) {
        self.reason = reason
        self.offset = offset
        self.header = header
    }

    /// The status that answers a request with this fault.
    public var status: Int {
        switch reason {
        case .version: 505
        case .tooLarge: 513
        case .empty, .startLine, .uri, .field, .control, .value, .range, .missing, .duplicate, .method,
            .truncated:
            400
        }
    }

    /// The reason phrase that answers a request with this fault: `Bad Call-ID Header`.
    public var phrase: String {
        guard let header, header.text.utf8.count <= 64 else {
            switch reason {
            case .version, .tooLarge: return SIPStatus.phrase(status)
            case .startLine: return "Bad Request Line"
            case .uri: return "Bad Request-URI"
            case .field, .control: return "Bad Header Field"
            case .empty, .value, .range, .missing, .duplicate, .method, .truncated: return "Bad Request"
            }
        }
        return switch reason {
        case .missing: "Missing \(header) Header"
        case .duplicate: "Repeated \(header) Header"
        case .method: "\(header) Does Not Match Method"
        case .tooLarge: "\(header) Header Too Large"
        case .empty, .startLine, .version, .uri, .field, .control, .value, .range, .truncated:
            "Bad \(header) Header"
        }
    }

    func naming(_ header: SIPHeaderName) -> SIPSyntaxError {
        SIPSyntaxError(reason, offset: offset, header: header)
    }
}
