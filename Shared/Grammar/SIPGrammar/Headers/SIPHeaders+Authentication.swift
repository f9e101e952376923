import Octets

/// Header fields of authentication, one value a line (RFC 3261 section 7.3.1).
extension SIPHeaders {
    /// The digest challenges of WWW-Authenticate or Proxy-Authenticate, in their order.
    ///
    /// What cannot be understood is passed over (RFC 8760 section 2.4).
    public func digestChallenges(_ name: SIPHeaderName) -> [SIPDigestChallenge] {
        all(name).compactMap { SIPAuthorization($0).flatMap { SIPDigestChallenge($0) } }
    }

    /// The digest credentials of Authorization or Proxy-Authorization, in their order; other schemes are passed over.
    ///
    /// - Throws: ``SIPSyntaxError`` if there are some that cannot be read.
    public func digestCredentials(
        _ name: SIPHeaderName
    ) throws(SIPSyntaxError) -> [SIPDigestCredentials] {
        var found: [SIPDigestCredentials] = []
        for value in try authorizations(name)
        where ASCII.equalIgnoringCase(value.scheme, SIPAuthorization.digest) {
            guard let credentials = SIPDigestCredentials(value) else {
                throw SIPSyntaxError(.value, header: name)
            }
            found.append(credentials)
        }
        return found
    }

    /// What the server says about the next credentials, in Authentication-Info or Proxy-Authentication-Info.
    public func authenticationInfo(_ name: SIPHeaderName) -> SIPAuthenticationInfo? {
        self[name].flatMap { SIPAuthenticationInfo($0) }
    }
}
