import Octets

// Conforms: RFC 8760 §2.7 (complete)

/// A challenge to prove by digest who one is (RFC 3261 section 22.4, RFC 7616 section 3.3, RFC 8760):
/// `Digest realm="biloxi.example", qop="auth", nonce="84a4cc6f", algorithm=SHA-256`.
public struct SIPDigestChallenge: Hashable, Sendable, CustomStringConvertible {
    public var realm: String
    public var nonce: String
    /// To be given back as it came.
    public var opaque: String?
    /// As it was spelt; nil stands for MD5.
    public var algorithm: String?
    /// The qualities of protection to choose from; none in the challenge of who knows RFC 2069 alone.
    public var qualities: [String]
    /// Whether only the nonce was at fault, and the password right.
    public var isStale: Bool
    /// Whether the user's name may be sent as a hash (RFC 7616 section 3.4.4).
    public var hashesUser: Bool
    /// Parameters besides: `domain`, `charset`, and what nobody knows.
    public var others: SIPParameters

    public init(
        realm: String,
        nonce: String,
        opaque: String? = nil,
        algorithm: String? = nil,
        qualities: [String] = [],
        isStale: Bool = false,
        hashesUser: Bool = false,
        others: SIPParameters = SIPParameters()
    ) {
        self.realm = realm
        self.nonce = nonce
        self.opaque = opaque
        self.algorithm = algorithm
        self.qualities = qualities
        self.isStale = isStale
        self.hashesUser = hashesUser
        self.others = others
    }

    /// Nil for another scheme, and for a challenge without realm or nonce or with a parameter twice.
    public init?(_ authorization: SIPAuthorization) {
        guard var parameters = DigestParameters(authorization), let realm = parameters.take("realm"),
            let nonce = parameters.take("nonce")
        else { return nil }
        self.init(
            realm: realm,
            nonce: nonce,
            opaque: parameters.take("opaque"),
            algorithm: parameters.take("algorithm"),
            qualities: Self.tokens(parameters.take("qop")),
            isStale: parameters.takeFlag("stale"),
            hashesUser: parameters.takeFlag("userhash")
        )
        others = parameters.others
    }

    /// The value as it is written (RFC 3261 section 25.1 `digest-cln`): who quotes what the RFC does not is misread.
    public var authorization: SIPAuthorization {
        .digest(
            [
                .quoted("realm", realm),
                .quoted("qop", qualities.isEmpty ? nil : qualities.joined(separator: ",")),
                .quoted("nonce", nonce),
                .quoted("opaque", opaque),
                .token("stale", isStale ? "true" : nil),
                .token("algorithm", algorithm),
                .token("userhash", hashesUser ? "true" : nil),
            ],
            others
        )
    }

    public var description: String { authorization.description }

    /// The tokens of a list such as `auth, auth-int`.
    private static func tokens(_ list: String?) -> [String] {
        guard let list else { return [] }
        let octets = list.utf8.span
        guard let ranges = try? ListSplitter.ranges(octets) else { return [] }
        return ranges.map { String(repairing: octets.extracting($0)) }
    }
}
