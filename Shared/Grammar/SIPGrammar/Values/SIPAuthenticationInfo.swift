/// What a server that has accepted credentials says about the next ones (RFC 3261 section 20.6, RFC 7616 section 3.5):
/// `nextnonce="47364c23432d2e131a5fb210812c"`.
public struct SIPAuthenticationInfo: Hashable, Sendable, CustomStringConvertible {
    /// The nonce to use from now on.
    public var nextNonce: String?
    /// Parameters besides: `qop`, `rspauth`, `cnonce`, `nc`.
    public var others: SIPParameters

    public init(nextNonce: String?, others: SIPParameters = SIPParameters()) {
        self.nextNonce = nextNonce
        self.others = others
    }

    /// Reads a header field's value; nil if it is none, or has a parameter twice.
    public init?(_ text: String) {
        // It is written like credentials, but for the scheme in front.
        guard let value = SIPAuthorization("\(SIPAuthorization.digest) \(text)"),
            var parameters = DigestParameters(value)
        else { return nil }
        nextNonce = parameters.take("nextnonce")
        others = parameters.others
    }

    public var description: String {
        let elements = [SIPParameter.quoted("nextnonce", nextNonce)].compactMap { $0 } + others.elements
        let text = SIPAuthorization(SIPAuthorization.digest, parameters: SIPParameters(elements)).description
        return String(text.dropFirst(SIPAuthorization.digest.count + 1))
    }
}
