import BusContract
import MachineKit

/// Messages that wait until those before them are answered (MAPPING 4.3 step 6): bounded in number, each in time.
struct PageQueue: Hashable, Sendable {
    private var waiting: [Errand] = []

    var count: Int { waiting.count }

    /// When the first of them will have waited for as long as it may; nil when none waits.
    var nextTurn: Moment? {
        guard let first = waiting.first else { return nil }
        return waiting.reduce(first.turn) { min($0, $1.turn) }
    }

    func contains(_ delivery: DeliveryID) -> Bool {
        waiting.contains { $0.delivery == delivery }
    }

    mutating func append(_ errand: Errand) {
        waiting.append(errand)
    }

    mutating func popFirst() -> Errand? {
        waiting.isEmpty ? nil : waiting.removeFirst()
    }

    /// Takes out those that have waited for too long, in their order.
    mutating func removeExpired(at now: Moment) -> [Errand] {
        let expired = waiting.filter { $0.turn <= now }
        waiting.removeAll { $0.turn <= now }
        return expired
    }
}
