public import SIPGrammar

// Conforms: RFC 3261 §22.2 (complete)
// Conforms: RFC 3261 §22.3 (complete)
// Conforms: RFC 8760 §2.4 (complete)

/// Answers challenges (RFC 3261 sections 22.2 and 22.3, RFC 7616, RFC 8760): the client's half.
///
/// What a peer has accepted is kept and sent along unasked with what follows, each time with the next count, until the
/// peer asks for another nonce. Nothing is sent to a peer that the account is not for, whatever realm it claims.
public struct DigestClient: Sendable {
    /// Who we are in a realm.
    public struct Account: Hashable, Sendable {
        /// Nil: whatever realm its peers say.
        public var realm: String?
        public var user: String
        public var secret: DigestSecret
        /// The hosts that may ask, in lower case; empty: any.
        public var peers: Set<String>

        public init(realm: String?, user: String, secret: DigestSecret, peers: Set<String> = []) {
            self.realm = realm
            self.user = user
            self.secret = secret
            self.peers = peers
        }
    }

    /// What to do about a challenge.
    public enum Answer: Hashable, Sendable {
        /// Send this instead: a new request with credentials, and a CSeq higher by one.
        case retry(SIPRequest, DigestAttempts)
        case giveUp(Reason)
    }

    public enum Reason: String, Hashable, Sendable {
        /// It is no challenge, or none that can be read.
        case noChallenge
        /// There is no account for it.
        case noAccount
        /// The credentials were not accepted.
        case rejected
        /// The algorithm or the quality is unknown here.
        case unsupported
    }

    /// More peers than these are not remembered; their requests are challenged each time.
    private static let mostPeers = 1_024

    private let accounts: [Account]
    private var sessions: [String: [DigestSession]] = [:]

    public init(accounts: [Account]) {
        self.accounts = accounts
    }

    public var hasAccounts: Bool { !accounts.isEmpty }

    /// Adds the credentials that a peer has accepted before, if there are.
    ///
    /// `peer` is the host that the request goes to: the next hop's.
    public mutating func prepare(_ request: inout SIPRequest, for peer: String) -> DigestAttempts {
        var attempts = DigestAttempts()
        guard !accounts.isEmpty, sessions[peer] != nil else { return attempts }
        for session in sessions[peer, default: []] { attempts.note(session.challenge.realm, .unasked) }
        write(into: &request, for: peer, attempts)
        return attempts
    }

    /// What to do about a response that may be a challenge to a request as it was sent.
    ///
    /// A stale nonce is replaced once; a second rejection ends it (MAPPING 3.4).
    public mutating func answer(
        _ response: SIPResponse,
        to request: SIPRequest,
        after attempts: DigestAttempts,
        from peer: String,
        clientNonce: String
    ) -> Answer {
        var attempts = attempts
        let (challenges, seen) = Self.challenges(of: response)
        guard !challenges.isEmpty else { return .giveUp(seen ? .unsupported : .noChallenge) }
        var answered: [String] = []
        for (place, challenge) in challenges where !answered.contains(challenge.realm) {
            guard let account = account(for: challenge.realm, peer) else { continue }
            guard account.secret.hashes.contains(where: { DigestAlgorithm(challenge.algorithm)?.hash == $0 })
            else { continue }
            guard attempts.mayAnswer(challenge) else { return .giveUp(.rejected) }
            answered.append(challenge.realm)
            keep(DigestSession(challenge, place, account, clientNonce: clientNonce), for: peer)
        }
        guard !answered.isEmpty else { return .giveUp(.noAccount) }
        var next = request
        guard let cSeq = try? request.headers.cSeq(), cSeq.number < UInt32(Int32.max) else {
            return .giveUp(.noChallenge)
        }
        next.headers[.cSeq] = SIPCSeq(cSeq.number + 1, cSeq.method).description
        write(into: &next, for: peer, attempts)
        return .retry(next, attempts)
    }

    /// Takes the nonce for the next request from the response to an accepted one (RFC 7616 section 3.5).
    public mutating func accepted(_ response: SIPResponse, from peer: String) {
        for (name, place) in DigestSession.infoNames {
            guard let next = response.headers.authenticationInfo(name)?.nextNonce else { continue }
            guard let index = sessions[peer]?.firstIndex(where: { $0.place == place }) else { continue }
            sessions[peer]?[index].renew(next)
        }
    }

    /// The challenges that can be answered, the topmost of each realm first, and whether there were others.
    private static func challenges(
        of response: SIPResponse
    ) -> ([(place: SIPHeaderName, SIPDigestChallenge)], seen: Bool) {
        guard response.status == 401 || response.status == 407 else { return ([], false) }
        var found: [(place: SIPHeaderName, SIPDigestChallenge)] = []
        var seen = false
        for (name, place) in DigestSession.challengeNames {
            seen = seen || response.headers.contains(name)
            for challenge in response.headers.digestChallenges(name)
            where DigestAlgorithm(challenge.algorithm) != nil && DigestSession.canMeet(challenge.qualities) {
                found.append((place, challenge))
            }
        }
        return (found, seen)
    }

    private func account(for realm: String, _ peer: String) -> Account? {
        let fitting = accounts.filter { $0.peers.isEmpty || $0.peers.contains(peer) }
        return fitting.first { $0.realm == realm } ?? fitting.first { $0.realm == nil }
    }

    private mutating func keep(_ session: DigestSession, for peer: String) {
        if sessions[peer] == nil, sessions.count >= Self.mostPeers { sessions.removeAll() }
        sessions[peer, default: []].removeAll { $0.challenge.realm == session.challenge.realm }
        sessions[peer, default: []].append(session)
        // Whoever names ever new realms has the last few.
        if sessions[peer, default: []].count > 8 { sessions[peer]?.removeFirst() }
    }

    private mutating func write(into request: inout SIPRequest, for peer: String, _ attempts: DigestAttempts)
    {
        request.headers.removeAll(.authorization)
        request.headers.removeAll(.proxyAuthorization)
        guard var known = sessions[peer] else { return }
        for index in known.indices where attempts.contains(known[index].challenge.realm) {
            guard let credentials = known[index].credentials(for: request) else { continue }
            request.headers.append(known[index].place, credentials.description)
        }
        sessions[peer] = known
    }
}
