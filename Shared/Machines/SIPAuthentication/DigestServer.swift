public import MachineKit
public import SIPGrammar

// Conforms: RFC 3261 §22.4 (complete)
// Conforms: RFC 8760 §2.3 (complete)
// Conforms: RFC 7616 §3 (partial: no SHA-512-256, no userhash)

/// Tells by digest who has sent a request (RFC 3261 section 22, RFC 7616, RFC 8760): the server's half.
///
/// A stranger leaves nothing behind: the nonce itself says when it was made and proves that it is ours. What is
/// remembered are the counts of nonces that were used rightly, and no more of those than ``init(realm:users:key:lifetime:capacity:)``
/// allows. Whether a user exists cannot be told from how long an answer takes.
public struct DigestServer: Sendable {
    /// What credentials are worth.
    public enum Verdict: Hashable, Sendable {
        case accepted(user: String)
        /// None for this realm.
        case absent
        /// The password is right, the nonce is too old or was used: a new one will do.
        case stale(Staleness)
        case rejected(Fault)
    }

    public enum Staleness: String, Hashable, Sendable {
        /// Made longer ago than nonces live.
        case expired
        /// Its count was used before.
        case repeated
        /// Made with another key: before a restart, or by another gateway.
        case foreign
    }

    public enum Fault: String, Hashable, Sendable {
        /// The user or the password is wrong.
        case secret
        /// An algorithm that was not offered.
        case algorithm
        /// A nonce that is not ours.
        case nonce
        /// Made for a request to somebody else (RFC 8760 section 2.6, point 6).
        case uri
    }

    public let realm: String
    /// What is offered, best first.
    public let hashes: [DigestAlgorithm.Hash]
    private let users: [String: DigestSecret]
    private let key: [UInt8]
    private let lifetime: Int64
    private var memory: NonceMemory

    /// A server for some users; replicas that share a key take each other's nonces.
    ///
    /// `capacity` is how many nonces in use are remembered.
    public init(
        realm: String,
        users: [String: DigestSecret],
        key: [UInt8],
        lifetime: Duration = .seconds(300),
        capacity: Int = 16_384
    ) {
        self.realm = realm
        self.users = users
        self.key = key
        self.lifetime = lifetime.inNanoseconds / 1_000_000
        memory = NonceMemory(capacity: capacity)
        // What only some can answer is not offered: a client takes the topmost that it knows (RFC 8760 section 2.4).
        let common = DigestAlgorithm.Hash.allCases.filter { hash in
            users.values.allSatisfy { $0.hashes.contains(hash) }
        }
        hashes = common.isEmpty ? DigestAlgorithm.Hash.allCases : common
    }

    /// Whether anybody could be told by digest.
    public var hasUsers: Bool { !users.isEmpty }
    /// How many nonces are remembered.
    public var remembered: Int { memory.count }

    /// The challenges for a response, one a header field, best first (RFC 8760 section 2.3).
    ///
    /// `salt` sets apart what is challenged at the same time; a hash of the request will do.
    public func challenges(isStale: Bool = false, salt: UInt64, at now: WallTime) -> [SIPDigestChallenge] {
        let nonce = Nonce(issued: now, salt: salt).text(realm: realm, key: key)
        return hashes.map { hash in
            SIPDigestChallenge(
                realm: realm,
                nonce: nonce,
                algorithm: hash.rawValue,
                // COMPAT: sipp and old phones misread a list, and proxies may change bodies; integrity is taken all the same.
                qualities: [DigestQuality.authentication.rawValue],
                isStale: isStale
            )
        }
    }

    /// What a request's credentials are worth.
    ///
    /// `transaction` tells the request from others, so that a repeat of it is not taken for a replay.
    public mutating func verdict(
        on credentials: [SIPDigestCredentials],
        of request: SIPRequest,
        transaction: UInt64,
        at now: WallTime
    ) -> Verdict {
        // Of several for one realm the first counts, whatever the others say.
        guard let given = credentials.first(where: { $0.realm == realm }) else { return .absent }
        guard let algorithm = DigestAlgorithm(given.algorithm), !algorithm.isSession,
            hashes.contains(algorithm.hash)
        else { return .rejected(.algorithm) }
        guard Self.fits(given.uri, request.uri) else { return .rejected(.uri) }
        let nonce = Nonce(given.nonce, realm: realm, key: key)
        // Nobody may have us hash large bodies without having been challenged.
        let isIntegral = given.quality.flatMap { DigestQuality($0) } == .integrity
        guard nonce != nil || !isIntegral else { return .rejected(.nonce) }
        guard isRight(given, request, algorithm.hash) else { return .rejected(.secret) }
        guard let nonce else { return .stale(.foreign) }
        guard now.milliseconds - nonce.issued.milliseconds < lifetime else { return .stale(.expired) }
        memory.forget(before: WallTime(milliseconds: now.milliseconds - lifetime))
        // Who counts nothing may use a nonce once.
        guard memory.use(nonce, given.number ?? 1, by: transaction) else { return .stale(.repeated) }
        return .accepted(user: given.user)
    }

    private func isRight(
        _ given: SIPDigestCredentials,
        _ request: SIPRequest,
        _ hash: DigestAlgorithm.Hash
    ) -> Bool {
        let known = given.isUserHashed ? nil : users[given.user]
        let usable = known.flatMap { $0.hashes.contains(hash) ? $0 : nil }
        // Who is unknown takes as long as who is known.
        let secret = usable ?? DigestSecret(password: given.nonce)
        guard let expected = given.digest(by: secret, user: given.user, of: request) else { return false }
        return ConstantTime.areEqual(given.response, expected) && usable != nil
    }

    /// Whether credentials for a URI may be used for a request: to the same user of the same host, whatever proxies
    /// have added.
    private static func fits(_ text: String, _ uri: SIPRequestURI) -> Bool {
        guard let claimed = SIPRequestURI(text) else { return false }
        switch (claimed, uri) {
        case (.sip(let claimed), .sip(let uri)):
            return claimed.host == uri.host && claimed.decodedUser == uri.decodedUser
        case (.tel, .tel), (.other, .other): return claimed == uri
        case (.sip, _), (.tel, _), (.other, _): return false
        }
    }
}
