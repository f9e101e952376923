import MachineKit

/// When to look at which transaction.
///
/// Nearly every transaction ends before its first timer fires, and the first timers of all are equally long: so the
/// first look is an entry in a queue that costs nothing to leave there, and only later looks go through a heap. Whoever
/// is looked at and no longer there has ended.
struct Agenda<ID: Hashable & Sendable> {
    private struct Look {
        var id: ID
        var at: Moment
    }

    private var first: [Look] = []
    private var head = 0
    private var later = TimerTable<ID>()

    /// Notes the first look at a transaction.
    mutating func add(_ id: ID, at moment: Moment) {
        if let last = first.last, moment < last.at { return later.set(id, at: moment) }
        first.append(Look(id: id, at: moment))
    }

    /// Notes a further look at a transaction.
    mutating func set(_ id: ID, at moment: Moment) {
        later.set(id, at: moment)
    }

    mutating func cancel(_ id: ID) {
        later.cancel(id)
    }

    var nextMoment: Moment? {
        mutating get {
            let soonest = head < first.count ? first[head].at : nil
            guard let other = later.nextMoment else { return soonest }
            return soonest.map { min($0, other) } ?? other
        }
    }

    mutating func popDue(at now: Moment) -> ID? {
        if head < first.count, first[head].at <= now {
            defer { advance() }
            return first[head].id
        }
        return later.popDue(at: now)?.timer
    }

    private mutating func advance() {
        head += 1
        guard head >= 1_024, head * 2 >= first.count else {
            if head == first.count {
                first.removeAll(keepingCapacity: head < 4_096)
                head = 0
            }
            return
        }
        first.removeFirst(head)
        head = 0
    }
}
