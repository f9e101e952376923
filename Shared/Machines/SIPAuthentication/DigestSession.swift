import SIPGrammar

/// A challenge that is being answered, and how often it was.
struct DigestSession {
    /// The header fields of challenges, and those of their answers.
    static let challengeNames: [(SIPHeaderName, place: SIPHeaderName)] = [
        (.proxyAuthenticate, .proxyAuthorization), (.wwwAuthenticate, .authorization),
    ]
    /// The header fields that name the next nonce, and those of the answers that it is for.
    static let infoNames: [(SIPHeaderName, place: SIPHeaderName)] = [
        (.proxyAuthenticationInfo, .proxyAuthorization), (.authenticationInfo, .authorization),
    ]

    private(set) var challenge: SIPDigestChallenge
    /// The header field that the answer goes into.
    let place: SIPHeaderName
    private let account: DigestClient.Account
    /// One for as long as the nonce lasts: session keys are made of it.
    private let clientNonce: String
    private var count: UInt32 = 0

    init(
        _ challenge: SIPDigestChallenge,
        _ place: SIPHeaderName,
        _ account: DigestClient.Account,
        clientNonce: String
    ) {
        self.challenge = challenge
        self.place = place
        self.account = account
        self.clientNonce = clientNonce
    }

    static func canMeet(_ qualities: [String]) -> Bool {
        qualities.isEmpty || qualities.contains { DigestQuality($0) != nil }
    }

    mutating func renew(_ nonce: String) {
        challenge.nonce = nonce
        count = 0
    }

    /// The credentials for the next request; nil when the account cannot make any.
    mutating func credentials(for request: SIPRequest) -> SIPDigestCredentials? {
        guard let algorithm = DigestAlgorithm(challenge.algorithm) else { return nil }
        count += 1
        var credentials = SIPDigestCredentials(
            user: account.user,
            realm: challenge.realm,
            nonce: challenge.nonce,
            uri: request.uri.onRequestLine.description,
            response: "",
            algorithm: challenge.algorithm,
            opaque: challenge.opaque
        )
        // COMPAT: servers of RFC 2069, Asterisk's chan_sip among them, offer no quality and understand none.
        if let quality { credentials.quality = quality.rawValue }
        if quality != nil || algorithm.isSession { credentials.clientNonce = clientNonce }
        if quality != nil { credentials.count = Self.digits(count) }
        guard let response = credentials.digest(by: account.secret, user: account.user, of: request) else {
            return nil
        }
        credentials.response = response
        if challenge.hashesUser {
            credentials.user = algorithm.hash.digits(of: "\(account.user):\(challenge.realm)")
            credentials.isUserHashed = true
        }
        return credentials
    }

    /// The plain quality where it is offered: proxies may change bodies.
    private var quality: DigestQuality? {
        let offered = challenge.qualities.compactMap { DigestQuality($0) }
        return offered.contains(.authentication) ? .authentication : offered.first
    }

    private static func digits(_ count: UInt32) -> String {
        let digits = String(count, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}

extension SIPRequestURI {
    /// As it is written into the request line: without headers (RFC 3261 section 19.1.1).
    fileprivate var onRequestLine: SIPRequestURI {
        guard case .sip(var uri) = self else { return self }
        uri.headers = nil
        return .sip(uri)
    }
}
