public import SIPGrammar

extension SIPDigestCredentials {
    /// What ``SIPDigestCredentials/response`` must be for whoever has a secret (RFC 7616 section 3.4.1).
    ///
    /// Nil if the secret, the algorithm or the quality does not allow one.
    public func digest(by secret: DigestSecret, user: String, of request: SIPRequest) -> String? {
        guard let algorithm = DigestAlgorithm(algorithm),
            var key = secret.key(user: user, realm: realm, algorithm.hash)
        else { return nil }
        let hash = algorithm.hash
        if algorithm.isSession { key = hash.digits(of: "\(key):\(nonce):\(clientNonce ?? "")") }
        guard let quality else {
            // RFC 2069: neither a count nor a nonce of the client's.
            return hash.digits(of: "\(key):\(nonce):\(hash.digits(of: "\(request.method.name):\(uri)"))")
        }
        guard let protected = DigestQuality(quality) else { return nil }
        var subject = "\(request.method.name):\(uri)"
        // Without a body it is the hash of nothing (RFC 8760 section 2.6, point 7).
        if protected == .integrity { subject += ":\(hash.digits(of: request.body))" }
        return hash.digits(
            of: "\(key):\(nonce):\(count ?? ""):\(clientNonce ?? ""):\(quality):\(hash.digits(of: subject))"
        )
    }
}
