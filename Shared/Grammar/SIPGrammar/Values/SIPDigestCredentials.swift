import Octets

// Conforms: RFC 8760 §2.7 (complete)

/// The answer to a ``SIPDigestChallenge`` (RFC 3261 section 22.4, RFC 7616 section 3.4):
/// `Digest username="bob", realm="biloxi.example", nonce="84a4cc6f", uri="sip:bob@biloxi.example", response="…"`.
public struct SIPDigestCredentials: Hashable, Sendable, CustomStringConvertible {
    /// The name, or, if ``isUserHashed``, its hash in hexadecimal digits.
    public var user: String
    public var isUserHashed: Bool
    public var realm: String
    public var nonce: String
    /// The Request-URI as it was when this was made; a proxy may have changed that since.
    public var uri: String
    /// The digest, in hexadecimal digits.
    public var response: String
    /// As it was spelt; nil stands for MD5.
    public var algorithm: String?
    public var clientNonce: String?
    public var opaque: String?
    /// The quality of protection; nil from who knows RFC 2069 alone.
    public var quality: String?
    /// How often the nonce was used: up to eight hexadecimal digits as they were spelt, for the digest is over them.
    public var count: String?
    /// Parameters besides.
    public var others: SIPParameters

    public init(
        user: String,
        isUserHashed: Bool = false,
        realm: String,
        nonce: String,
        uri: String,
        response: String,
        algorithm: String? = nil,
        clientNonce: String? = nil,
        opaque: String? = nil,
        quality: String? = nil,
        count: String? = nil,
        others: SIPParameters = SIPParameters()
    ) {
        self.user = user
        self.isUserHashed = isUserHashed
        self.realm = realm
        self.nonce = nonce
        self.uri = uri
        self.response = response
        self.algorithm = algorithm
        self.clientNonce = clientNonce
        self.opaque = opaque
        self.quality = quality
        self.count = count
        self.others = others
    }

    /// Nil for another scheme, and if something is missing, there twice, or not what it must be.
    public init?(_ authorization: SIPAuthorization) {
        guard var parameters = DigestParameters(authorization),
            let user = Self.user(&parameters), let realm = parameters.take("realm"),
            let nonce = parameters.take("nonce"), let uri = parameters.take("uri"),
            let response = parameters.take("response")
        else { return nil }
        self.init(
            user: user,
            isUserHashed: parameters.takeFlag("userhash"),
            realm: realm,
            nonce: nonce,
            uri: uri,
            response: response,
            algorithm: parameters.take("algorithm"),
            clientNonce: parameters.take("cnonce"),
            opaque: parameters.take("opaque"),
            quality: parameters.take("qop"),
            count: parameters.take("nc")
        )
        others = parameters.others
        // A quality needs what its digest is over (RFC 7616 section 3.4).
        guard quality == nil || (count != nil && clientNonce != nil) else { return nil }
        if count != nil, number == nil { return nil }
    }

    /// ``count`` as a number; nil without one, and if it is none.
    public var number: UInt32? {
        guard let count, (1...8).contains(count.utf8.count) else { return nil }
        var number: UInt32 = 0
        for octet in count.utf8 {
            guard let digit = ASCII.hexadecimalValue(octet) else { return nil }
            number = number << 4 | UInt32(digit)
        }
        return number
    }

    /// The value as it is written (RFC 3261 section 25.1 `dig-resp`).
    public var authorization: SIPAuthorization {
        .digest(
            [
                .quoted("username", user),
                .quoted("realm", realm),
                .quoted("nonce", nonce),
                .quoted("uri", uri),
                .quoted("response", response),
                .token("algorithm", algorithm),
                .quoted("cnonce", clientNonce),
                .quoted("opaque", opaque),
                .token("qop", quality),
                .token("nc", count),
                .token("userhash", isUserHashed ? "true" : nil),
            ],
            others
        )
    }

    public var description: String { authorization.description }

    /// `username`, or `username*` (RFC 5987), but not both (RFC 7616 section 3.4).
    private static func user(_ parameters: inout DigestParameters) -> String? {
        let (plain, extended) = (parameters.take("username"), parameters.take("username*"))
        guard let extended else { return plain }
        let octets = extended.utf8.span
        let prefix = "UTF-8'".utf8.count
        guard plain == nil, octets.count > prefix,
            ASCII.equalIgnoringCase(String(repairing: octets.extracting(0..<prefix)), "UTF-8'")
        else { return nil }
        // The language between the quotes says nothing about the name.
        guard let quote = extended.utf8.dropFirst(prefix).firstIndex(of: UInt8(ascii: "'")) else {
            return nil
        }
        guard let name = PercentCoding.decode(Array(extended.utf8[extended.utf8.index(after: quote)...]))
        else {
            return nil
        }
        return String(strictly: name.span)
    }
}
