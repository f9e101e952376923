import SIPGrammar

/// A request that waits for its final response, as far as a response needs it.
struct ArrivedRequest: Hashable, Sendable, Codable {
    let id: RequestID
    let method: SIPMethod
    let number: UInt32
    /// What responses copy, and Record-Route, which those that make a dialog do (RFC 3261 section 12.1.1).
    private let headers: SIPHeaders
    private let uri: SIPRequestURI

    /// Keeps a request; nil if it has no CSeq that can be read.
    init?(_ id: RequestID, _ request: SIPRequest) {
        guard let number = try? request.headers.cSeq().number else { return nil }
        self.id = id
        self.number = number
        method = request.method
        uri = request.uri
        var kept = SIPHeaders()
        for field in request.headers.fields where Self.kept.contains(field.name) { kept.append(field) }
        headers = kept
    }

    /// The proxies that want to stay in the path.
    var recordRoutes: [String] { headers.all(.recordRoute) }

    func response(
        _ status: Int,
        reason: String? = nil,
        tag: String,
        headers others: SIPHeaders = SIPHeaders(),
        body: [UInt8] = []
    ) -> SIPResponse {
        SIPRequest(method, uri, headers: headers)
            .response(status, reason: reason, toTag: tag, headers: others, body: body)
    }

    private static let kept: Set<SIPHeaderName> = [
        .via, .from, .to, .callID, .cSeq, .timestamp, .recordRoute,
    ]
}
