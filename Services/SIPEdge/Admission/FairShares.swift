package import SIPTransport

/// How much each peer has under way, so that one that floods does not take the room of all others.
///
/// While there is little under way nobody is asked. Beyond that a peer gets no more than its equal share of what all have:
/// one alone is never refused, and of two the one that has more waits until the other has as much or it has less.
package struct FairShares {
    /// How much may be under way before shares are looked at.
    private let ease: Int
    private var total = 0
    private var shares: [IPAddress: Int] = [:]

    package init(ease: Int = 1_024) {
        self.ease = ease
    }

    /// Peers that have something under way.
    package var peers: Int { shares.count }

    package func admits(_ peer: IPAddress) -> Bool {
        guard total >= ease, let share = shares[peer], shares.count > 1 else { return true }
        return share <= total / shares.count
    }

    package mutating func begin(_ peer: IPAddress) {
        shares[peer, default: 0] += 1
        total += 1
    }

    package mutating func end(_ peer: IPAddress) {
        guard let share = shares[peer] else { return }
        shares[peer] = share > 1 ? share - 1 : nil
        total -= 1
    }
}
