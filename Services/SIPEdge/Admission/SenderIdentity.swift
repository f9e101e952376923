package import SIPGrammar
package import SIPTransport

/// Who a trusted peer says has sent a request: P-Asserted-Identity (RFC 3325), else From.
package struct SenderIdentity: Hashable {
    package var uri: SIPURI
    package var displayName: String?

    /// Nil if neither is a SIP URI.
    package init?(_ received: ReceivedRequest) throws(SIPSyntaxError) {
        let headers = received.request.headers
        if headers.contains(.pAssertedIdentity) {
            for identity in try headers.assertedIdentities() {
                guard case .sip(let uri) = identity.uri else { continue }
                self.init(uri, identity.displayName ?? received.mandatory.from.displayName)
                return
            }
        }
        guard case .sip(let uri) = received.mandatory.from.uri else { return nil }
        self.init(uri, received.mandatory.from.displayName)
    }

    private init(_ uri: SIPURI, _ displayName: String?) {
        self.uri = uri
        self.displayName = displayName
    }
}
