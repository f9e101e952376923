package import SIPGrammar
package import SIPTransport

/// Who a request says has sent it: a trusted peer by P-Asserted-Identity (RFC 3325), everybody by From.
package struct SenderIdentity: Hashable {
    package var uri: SIPURI
    package var displayName: String?

    /// Nil if there is no SIP URI; what an untrusted peer asserts is not even read.
    package init?(_ received: ReceivedRequest, isTrusted: Bool) throws(SIPSyntaxError) {
        let headers = received.request.headers
        if isTrusted, headers.contains(.pAssertedIdentity) {
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
