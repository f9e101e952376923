package import SIPAuthentication
package import SIPGrammar

/// Somebody who proves by digest who he is, and who he may then be.
package struct SIPAccount: Hashable, Sendable {
    /// What an account may have in From.
    package enum Identity: Hashable, Sendable {
        /// Any user of a domain, in lower case: what a trunk is for.
        case domain(String)
        /// One user; a port or parameters make no difference.
        case address(SIPURI)
    }

    package var user: String
    package var secret: DigestSecret
    package var identities: [Identity]

    package init(user: String, secret: DigestSecret, identities: [Identity]) {
        self.user = user
        self.secret = secret
        self.identities = identities
    }

    /// Whether the account may send in the name of a URI.
    package func mayBe(_ uri: SIPURI) -> Bool {
        identities.contains { identity in
            switch identity {
            case .domain(let domain): domain == uri.host.text
            case .address(let own): own.host == uri.host && own.decodedUser == uri.decodedUser
            }
        }
    }
}
