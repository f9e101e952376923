package import MachineKit
package import SIPGrammar
package import SIPTransport

/// How often each address and each user may ask.
///
/// Whoever asks more often is refused, and told so by one in ten of what he may ask; beyond that he hears nothing, for
/// in a flood the answers are what costs (RFC 6357: whoever is overloaded must spend little on what it
/// refuses).
package struct RateLimits {
    package enum Decision: Hashable, Sendable {
        case admit
        /// Say 503 with Retry-After.
        case refuse
        /// Say nothing.
        case drop
    }

    private var addresses: TokenBuckets<IPAddress>?
    private var users: TokenBuckets<String>?

    /// Nil sets no limit; `capacity` is how many addresses, and how many users, are told apart.
    package init(perAddress: Int?, perUser: Int?, capacity: Int = 65_536) {
        addresses = perAddress.map { TokenBuckets(perSecond: $0, capacity: capacity) }
        users = perUser.map { TokenBuckets(perSecond: $0, capacity: capacity) }
    }

    /// How many addresses and users are being counted.
    package var count: (addresses: Int, users: Int) { (addresses?.count ?? 0, users?.count ?? 0) }

    /// One request from an address that is nobody's whom we trust.
    package mutating func decide(_ address: IPAddress, at now: Moment) -> Decision {
        // Whoever has one IPv6 address has 2^64 of them.
        let key = address.isIPv4 ? address : IPAddress(high: address.high, low: 0)
        return addresses?.take(key, at: now) ?? .admit
    }

    /// One request of a sender who is believed.
    package mutating func decide(_ user: SIPURI, at now: Moment) -> Decision {
        guard users != nil else { return .admit }
        let name = user.decodedUser.map { String(decoding: $0, as: UTF8.self) } ?? user.user ?? ""
        return users?.take("\(name)@\(user.host.text)", at: now) ?? .admit
    }
}
