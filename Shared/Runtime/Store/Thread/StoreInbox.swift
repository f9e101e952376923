import Dispatch
import Synchronization

/// The door between callers on any thread and the one thread that talks to the store.
///
/// First come, first served, for writes and all else: that keeps the order of each caller.
final class StoreInbox: Sendable {
    /// How many jobs may wait: beyond, the store is not keeping up and says so.
    static let most = 65_536

    private struct State {
        var jobs: [StoreJob] = []
        var isShut = false
    }

    private let state = Mutex(State())
    private let news = DispatchSemaphore(value: 0)
    private let end = DispatchSemaphore(value: 0)

    /// Hands a job in; says why not when the door is shut or too much waits already.
    func put(_ job: StoreJob) -> StoreError? {
        state.withLock { state in
            if state.isShut { return .closed }
            if state.jobs.count >= Self.most {
                return StoreError(
                    .unavailable,
                    "the store has more to do than it can: \(Self.most) calls wait"
                )
            }
            state.jobs.append(job)
            if state.jobs.count == 1 { news.signal() }
            return nil
        }
    }

    /// Waits for jobs and takes all that there are; nil when the door is shut and everything was taken.
    func take() -> [StoreJob]? {
        while true {
            let taken = state.withLock { state -> [StoreJob]? in
                if state.isShut, state.jobs.isEmpty { return nil }
                defer { state.jobs = [] }
                return state.jobs
            }
            guard let taken else { return nil }
            if !taken.isEmpty { return taken }
            news.wait()
        }
    }

    /// Lets the store's thread rest until then; false at once when the door is shut meanwhile.
    func pause(until moment: ContinuousClock.Instant) -> Bool {
        let left = ContinuousClock.now.duration(to: moment)
        guard left > .zero else { return true }
        let nanoseconds = Int(clamping: left.wholeMicroseconds * 1000)
        guard end.wait(timeout: .now() + .nanoseconds(nanoseconds)) == .success else { return true }
        // For whoever pauses next.
        end.signal()
        return false
    }

    /// Lets nobody in any more; the thread finishes what waits and ends.
    func shut() {
        let isFirst = state.withLock { state in
            defer { state.isShut = true }
            return !state.isShut
        }
        guard isFirst else { return }
        end.signal()
        news.signal()
    }
}

extension StoreError {
    static let closed = StoreError(.unavailable, "the store is closed")
}
