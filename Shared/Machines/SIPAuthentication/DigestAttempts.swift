import SIPGrammar

/// What was tried for one request, realm by realm, so that nothing is tried for ever.
public struct DigestAttempts: Hashable, Sendable {
    enum Step: Hashable {
        /// Credentials went along before anybody asked.
        case unasked
        case answered
        /// Once more, with another nonce.
        case renewed
    }

    /// However many realms there are on the way.
    private static let most = 6

    private var steps: [String: Step] = [:]
    private var rounds = 0

    public init() {}

    func contains(_ realm: String) -> Bool { steps[realm] != nil }

    mutating func note(_ realm: String, _ step: Step) {
        steps[realm] = step
    }

    /// Whether a challenge may be answered; notes that it is.
    mutating func mayAnswer(_ challenge: SIPDigestChallenge) -> Bool {
        guard rounds < Self.most else { return false }
        switch steps[challenge.realm] {
        case nil, .unasked: steps[challenge.realm] = .answered
        case .answered where challenge.isStale: steps[challenge.realm] = .renewed
        case .answered, .renewed: return false
        }
        rounds += 1
        return true
    }
}
