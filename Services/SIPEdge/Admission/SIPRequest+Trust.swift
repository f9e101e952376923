package import SIPGrammar

extension SIPRequest {
    /// The request as it may be told to others: without credentials, which are nobody's business, and without what only
    /// a trusted peer may assert (RFC 3325 section 5).
    package func told(isTrusted: Bool) -> SIPRequest {
        var told = self
        for name in Self.secrets where headers.contains(name) { told.headers.removeAll(name) }
        if !isTrusted {
            for name in Self.assertions where headers.contains(name) { told.headers.removeAll(name) }
        }
        return told
    }

    private static let secrets: [SIPHeaderName] = [.authorization, .proxyAuthorization]
    private static let assertions: [SIPHeaderName] = [
        .pAssertedIdentity, "P-Asserted-Service", "Remote-Party-ID",
    ]
}
