import BusContract
import Metrics
import Synchronization

/// What has come over the bus and waits for the event loop.
///
/// A sender that follows the rules has a window; one that does not must not make the process grow. Beyond the limit its
/// deliveries are dropped: those that matter come again. Replies are kept, for each was asked for.
package final class Backlog: Sendable {
    /// As many deliveries as several senders' windows hold.
    package static let limit = 20_000

    private let waiting = Atomic<Int>(0)
    private let dropped = Counter(label: "causeway_bus_overrun_total")

    package init() {}

    /// Counts what has come in.
    ///
    /// - Returns: what may wait, and how many deliveries to take off when the loop has it.
    package func admit(_ arrivals: [Arrival]) -> (kept: [Arrival], count: Int) {
        let count = arrivals.reduce(0) { $0 + $1.decoded.parcel.deliveries.count }
        let before = waiting.add(count, ordering: .relaxed).oldValue
        guard before > 0, before + count > Self.limit else { return (arrivals, count) }
        waiting.subtract(count, ordering: .relaxed)
        dropped.increment(by: count)
        let replies = arrivals.map { arrival in
            var arrival = arrival
            arrival.decoded.parcel.deliveries = []
            return arrival
        }
        return (replies, 0)
    }

    package func leave(_ count: Int) {
        waiting.subtract(count, ordering: .relaxed)
    }
}
