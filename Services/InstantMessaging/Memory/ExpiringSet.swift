import MachineKit

/// A handful of members, each for a while: see ``ExpiringMap``.
struct ExpiringSet<Member: Hashable & Sendable>: Hashable, Sendable {
    private struct Present: Hashable, Sendable {}

    private var members: ExpiringMap<Member, Present>

    init(capacity: Int) {
        members = ExpiringMap(capacity: capacity)
    }

    var isEmpty: Bool { members.isEmpty }
    var end: Moment { members.end }

    func contains(_ member: Member, at now: Moment) -> Bool {
        members.value(of: member, at: now) != nil
    }

    mutating func insert(_ member: Member, until end: Moment) {
        members.set(Present(), for: member, until: end)
    }

    mutating func remove(_ member: Member) {
        members.remove(member)
    }

    mutating func forgetExpired(at now: Moment) {
        members.forgetExpired(at: now)
    }
}
