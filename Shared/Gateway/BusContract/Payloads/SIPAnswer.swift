public import SIPGrammar

/// A final answer to a SIP request; the edge copies Via, From, To, Call-ID and CSeq from the request.
public struct SIPAnswer: Hashable, Sendable {
    public var status: Int
    /// Nil: the standard phrase of the status.
    public var reason: String?
    public var headers: SIPHeaders
    /// The tag for To where the request has none and begins a dialog; nil: any.
    public var toTag: String?
    public var body: [UInt8]

    public init(
        _ status: Int,
        reason: String? = nil,
        headers: SIPHeaders = SIPHeaders(),
        toTag: String? = nil,
        body: [UInt8] = []
    ) {
        self.status = status
        self.reason = reason
        self.headers = headers
        self.toTag = toTag
        self.body = body
    }
}

extension SIPAnswer {
    private static let copied: Set<SIPHeaderName> = [
        .via, .from, .to, .callID, .cSeq, .recordRoute, .timestamp, .contentLength,
    ]

    /// What a whole response says beyond what it copies from its request.
    public init(_ response: SIPResponse) {
        var headers = response.headers
        for name in Self.copied { headers.removeAll(name) }
        self.init(
            response.status,
            reason: response.reason,
            headers: headers,
            toTag: response.headers[.to].flatMap { SIPNameAddress($0)?.tag },
            body: response.body
        )
    }
}
