import Store
import Synchronization

/// A host's clock that moves when it is told.
final class ManualClock: Sendable {
    private let time = Mutex(HostTime(boot: "first", milliseconds: 1_000_000))

    var now: HostTime { time.withLock { $0 } }

    func advance(by duration: Duration) {
        time.withLock { $0.milliseconds += Int64(duration / .milliseconds(1)) }
    }

    /// The host starts anew, and its clock from nothing.
    func restart() {
        time.withLock { $0 = HostTime(boot: $0.boot + "'", milliseconds: 1) }
    }
}
