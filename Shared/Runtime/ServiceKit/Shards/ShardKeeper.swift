package import MachineKit
package import Store

/// One member's part in sharing the 256 shards of a service with its other replicas (ARCHITECTURE section 4).
///
/// ```
///   beat ──renew──▶ roster ──▶ too many? lose, release    too few? claim ──▶ claimed ──▶ own
///                      └─────▶ another has one of ours? lose
/// ```
///
/// It beats once a second and keeps its leases four: one that is killed loses its shards within five seconds, one that
/// leaves gives them back at once and the others are nudged. A member that cannot renew in time, because the store is
/// away or because it was stopped itself, owns nothing from the moment its leases may be another's.
///
/// Kinds of impossible: an answer to a question that was given up, or that comes after the end, is legitimate and
/// ignored by name.
package struct ShardKeeper: Machine {
    package enum Input: Hashable, Sendable {
        case start
        /// The answer to ``Output/renew``, and the shards of which something is being worked on.
        case roster(Roster, busy: Set<UInt8> = [])
        /// The answer to ``Output/claim(_:)``: the shards taken, with their epochs.
        case claimed([UInt8: Int64])
        /// The store did not answer the last question.
        case failed
        /// Another member came, left or gave shards back: it is worth looking now.
        case nudge
        /// The process is going to end: nothing more is claimed, and of what is owned these are given back now.
        case giveBack([UInt8])
        /// The process is ending.
        case leave
    }

    package enum Output: Hashable, Sendable {
        case renew
        case claim([UInt8])
        case release([UInt8])
        /// From now on these are ours.
        case own([UInt8: Int64])
        /// These are ours no more.
        case lose([UInt8])
        /// Give everything back and be a member no more.
        case leave
    }

    package enum Timer: Hashable, Sendable {
        case beat
        /// The leases may be another's from now on.
        case expiry
    }

    /// How often a member shows that it is alive.
    package static let beat = Duration.seconds(1)
    /// How long a lease holds without that.
    package static let life = Duration.seconds(4)
    /// How much earlier than the store a member considers its leases over.
    package static let margin = Duration.milliseconds(500)

    private static let holding = life - margin

    private static let mostReluctance = 5

    /// How long a member whose own leases ran out leaves to the others what had been theirs: where the store was away,
    /// they come back as well, and with what each had before nothing under way changes hands.
    private static let courtesy = Duration.seconds(2)

    private enum State: Hashable {
        case idle
        /// Waiting for the next beat.
        case resting
        /// The store was asked; whether there was a reason to ask again meanwhile.
        case renewing(since: Moment, again: Bool)
        case claiming(since: Moment, again: Bool)
        case left
    }

    private let owner: String
    private var state = State.idle
    private var isEnding = false
    /// How many beats in a row there was too little that is idle to give up.
    private var reluctance = 0
    private var owned: [UInt8: Int64] = [:]
    private var validUntil = Moment.start
    private var courteousUntil = Moment.start

    /// `owner`: names this member among all that there ever are.
    package init(owner: String) {
        self.owner = owner
    }

    /// The shards that are owned, in their order.
    package var shards: [UInt8] { owned.keys.sorted() }
    /// How many shards are owned.
    package var count: Int { owned.count }

    /// Whether a shard was not given up, even if its lease has run out.
    package func owns(_ shard: UInt8) -> Bool { owned[shard] != nil }

    /// The epoch under which a shard is owned at a moment; nil when it is not, or may not be any more.
    package func epoch(of shard: UInt8, at now: Moment) -> Int64? {
        now < validUntil ? owned[shard] : nil
    }

    package mutating func handle(_ input: Input, at now: Moment) -> Effects {
        expire(now) + heed(input, now)
    }

    /// Gives up what may be another's by now, before anything could renew it: what was not done meanwhile for want of an
    /// epoch would never be.
    private mutating func expire(_ now: Moment) -> Effects {
        now < validUntil ? [] : lose(Array(owned.keys))
    }

    private mutating func heed(_ input: Input, _ now: Moment) -> Effects {
        switch (state, input) {
        case (.left, _):
            return [.ignore("after the end")]
        case (_, .leave):
            state = .left
            return lose(Array(owned.keys)) + [.cancel(.beat), .cancel(.expiry), .send(.leave)]
        case (_, .giveBack(let shards)):
            isEnding = true
            let ours = shards.filter { owned[$0] != nil }
            return ours.isEmpty ? [] : lose(ours) + [.send(.release(ours))]
        case (.idle, .start):
            return ask(now)
        case (.resting, .nudge):
            return [.cancel(.beat)] + ask(now)
        case (.renewing(let since, _), .nudge):
            state = .renewing(since: since, again: true)
            return []
        case (.claiming(let since, _), .nudge):
            state = .claiming(since: since, again: true)
            return []
        case (.renewing(let since, let again), .roster(let roster, let busy)):
            return heed(roster, busy, since: since, again: again, now)
        case (.claiming(let since, let again), .claimed(let epochs)):
            return take(epochs, since: since, again: again, now)
        case (.renewing, .failed), (.claiming, .failed):
            return rest(again: false, now)
        case (.idle, _), (.resting, _), (.renewing, _), (.claiming, _):
            return [.ignore("an answer to no question")]
        }
    }

    package mutating func fired(_ timer: Timer, at now: Moment) -> Effects {
        switch (timer, state) {
        case (.beat, .resting): return expire(now) + ask(now)
        case (.expiry, .idle), (.expiry, .left): return [.ignore("a timer of another state")]
        case (.expiry, _):
            return now < validUntil ? [.set(.expiry, at: validUntil)] : expire(now)
        case (.beat, _): return [.ignore("a timer of another state")]
        }
    }

    private mutating func ask(_ now: Moment) -> Effects {
        state = .renewing(since: now, again: false)
        return [.send(.renew)]
    }

    private mutating func rest(again: Bool, _ now: Moment) -> Effects {
        guard !again else { return ask(now) }
        state = .resting
        return [.set(.beat, at: now + Self.beat)]
    }

    /// What the store says after it has renewed our leases.
    private mutating func heed(
        _ roster: Roster,
        _ busy: Set<UInt8>,
        since: Moment,
        again: Bool,
        _ now: Moment
    ) -> Effects {
        var effects: Effects = []
        // Taken by another while we could not renew, or let go of by ourselves when we thought so.
        let taken = owned.filter { shard, epoch in roster.leases[shard].map { !isOurs($0, epoch) } ?? true }
        effects += lose(Array(taken.keys))
        if validUntil > .start, now >= validUntil { courteousUntil = now + Self.courtesy }
        effects += extend(since)
        let share = isEnding ? owned.count : share(among: roster.members)
        let surplus = surplus(owned.count - share, busy)
        if !surplus.isEmpty { effects += lose(surplus) + [.send(.release(surplus))] }
        effects += giveUpStrays(roster, share)
        let wanted = claimable(roster, share - owned.count, now)
        guard !wanted.isEmpty else { return effects + rest(again: again, now) }
        state = .claiming(since: now, again: again)
        return effects + [.send(.claim(wanted))]
    }

    /// What to give up so that others have their share: what is idle.
    ///
    /// What stays busy beat after beat has to go as well, and is done again by its next owner.
    private mutating func surplus(_ count: Int, _ busy: Set<UInt8>) -> [UInt8] {
        guard count > 0 else {
            reluctance = 0
            return []
        }
        let idle = owned.keys.filter { !busy.contains($0) }.sorted()
        guard idle.count < count else { return Array(idle.suffix(count)) }
        reluctance += 1
        guard reluctance >= Self.mostReluctance else { return idle }
        return idle + owned.keys.filter(busy.contains).sorted().suffix(count - idle.count)
    }

    /// Gives back what the store has as ours and we have given up: what it was told of that has not reached it.
    private func giveUpStrays(_ roster: Roster, _ share: Int) -> Effects {
        guard owned.count >= share || isEnding else { return [] }
        let strays = roster.leases.filter {
            owned[$0.key] == nil && $0.value.isLive && $0.value.owner == owner
        }
        return strays.isEmpty ? [] : [.send(.release(strays.keys.sorted()))]
    }

    private mutating func take(_ epochs: [UInt8: Int64], since: Moment, again: Bool, _ now: Moment) -> Effects
    {
        // A claim that took longer than a lease holds is nothing to rely on; the next roster shows what became of it.
        guard since + Self.holding > now else { return rest(again: true, now) }
        guard !epochs.isEmpty else { return rest(again: again, now) }
        owned.merge(epochs) { $1 }
        return [.send(.own(epochs))] + rest(again: again, now)
    }

    /// What was asked for at a moment holds from then on, whenever the answer came.
    private mutating func extend(_ since: Moment) -> Effects {
        validUntil = max(validUntil, since + Self.holding)
        return [.set(.expiry, at: validUntil)]
    }

    private mutating func lose(_ shards: [UInt8]) -> Effects {
        guard !shards.isEmpty else { return [] }
        for shard in shards { owned[shard] = nil }
        return [.send(.lose(shards.sorted()))]
    }

    private func isOurs(_ lease: Lease, _ epoch: Int64) -> Bool {
        lease.isLive && lease.owner == owner && lease.epoch == epoch
    }

    /// How many of the 256 are this member's; the first members have one more where they do not divide evenly.
    private func share(among members: [String]) -> Int {
        let place = members.firstIndex(of: owner) ?? members.count
        let count = max(1, members.count)
        return 256 / count + (place < 256 % count ? 1 : 0)
    }

    /// Shards that nobody holds: those that were ours before, then others, beginning at a place of our own so that members
    /// do not go for the same ones.
    private func claimable(_ roster: Roster, _ count: Int, _ now: Moment) -> [UInt8] {
        guard count > 0 else { return [] }
        let place = roster.members.firstIndex(of: owner) ?? 0
        let start = place * 256 / max(1, roster.members.count)
        let order = (0..<256).map { UInt8(truncatingIfNeeded: start + $0) }.filter { owned[$0] == nil }
        // A live lease of our own name that we do not know of is one whose claim we gave up waiting for.
        let former = order.filter { roster.leases[$0]?.owner == owner }
        let free = order.filter { shard in
            guard let lease = roster.leases[shard], lease.owner != owner else {
                return roster.leases[shard] == nil
            }
            return !lease.isLive && (lease.owner.isEmpty || now >= courteousUntil)
        }
        return Array((former + free).prefix(count))
    }
}
