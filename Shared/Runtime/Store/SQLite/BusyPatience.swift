import Foundation
import Synchronization

/// How long SQLite waits for another process's transaction, on the store's own thread.
///
/// SQLite's own waiting grows to a tenth of a second, though a transaction takes a few milliseconds: those who wait looked
/// past many chances. This looks again after a millisecond or two.
final class BusyPatience: Sendable {
    private let deadline: Mutex<ContinuousClock.Instant>

    init(until deadline: ContinuousClock.Instant) {
        self.deadline = Mutex(deadline)
    }

    func set(_ deadline: ContinuousClock.Instant) {
        self.deadline.withLock { $0 = deadline }
    }

    /// Waits a moment; false when it has been long enough.
    func wait() -> Bool {
        guard ContinuousClock.now < deadline.withLock({ $0 }) else { return false }
        // Not all at the same beat.
        usleep(.random(in: 500...2000))
        return true
    }
}
