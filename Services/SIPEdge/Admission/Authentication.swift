import BusContract
package import MachineKit
import SIPAuthentication
package import SIPGrammar

/// Whom digest proves a sender to be (RFC 3261 section 22): the accounts, and how to ask for them.
///
/// The answer to a stranger is made from the request and the clock alone, and nothing of either is kept
/// (RFC 3261 section 26.3.2.4).
package struct Authentication {
    package enum Verdict: Hashable {
        case verified
        case refused(Refusal)
    }

    private var server: DigestServer
    private let accounts: [String: SIPAccount]

    /// `key` is what nonces are made with; replicas that share one take each other's.
    package init(_ access: AccessRules, key: [UInt8]) {
        accounts = Dictionary(access.accounts.map { ($0.user, $0) }, uniquingKeysWith: { first, _ in first })
        server = DigestServer(realm: access.realm, users: accounts.mapValues(\.secret), key: key)
    }

    /// How many nonces are remembered.
    package var remembered: Int { server.remembered }

    /// Whether a request's credentials entitle it to be from `sender`.
    ///
    /// - Throws: ``SIPSyntaxError`` if there are credentials that cannot be read.
    package mutating func verdict(
        on request: SIPRequest,
        from sender: SIPURI,
        transaction: UInt64,
        at now: WallTime
    ) throws(SIPSyntaxError) -> Verdict {
        guard server.hasUsers else {
            return .refused(Refusal(SIPAnswer(403, reason: "Sender Not Trusted"), .unverified))
        }
        // A proxy asks by 407 and we by 401, but who was asked before may have put his answer in either place.
        let credentials =
            try request.headers.digestCredentials(.authorization)
            + request.headers.digestCredentials(.proxyAuthorization)
        switch server.verdict(on: credentials, of: request, transaction: transaction, at: now) {
        case .accepted(let user):
            guard accounts[user]?.mayBe(sender) == true else {
                let answer = SIPAnswer(403, reason: "Not Entitled To From Address")
                return .refused(Refusal(answer, .notEntitled))
            }
            return .verified
        case .absent: return .refused(challenge(.challenged, transaction, now))
        case .rejected: return .refused(challenge(.credentials, transaction, now))
        case .stale: return .refused(challenge(.stale, transaction, now))
        }
    }

    private func challenge(_ reason: Refusal.Reason, _ salt: UInt64, _ now: WallTime) -> Refusal {
        var headers = SIPHeaders()
        for challenge in server.challenges(isStale: reason == .stale, salt: salt, at: now) {
            headers.append(.wwwAuthenticate, challenge.description)
        }
        return Refusal(SIPAnswer(401, headers: headers), reason)
    }
}
