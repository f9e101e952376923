import Glibc
import Synchronization

/// One question on its way to the resolver's thread.
struct Query: Sendable {
    var name: String
    var type: RecordType
    /// Told exactly once, on the resolver's thread (or the asker's, when refused at the door).
    var completion: @Sendable (Result<DNSAnswer, ResolverError>) -> Void
}

/// The door between askers on any thread and the one thread that talks to libunbound.
///
/// A pipe wakes that thread from `poll`. The pipe lives as long as anyone holds the inbox, so nobody writes into a
/// descriptor that is someone else's by now.
final class QueryInbox: Sendable {
    private struct State {
        var waiting: [Query] = []
        /// Asked and not yet answered, on either side of the door.
        var outstanding = 0
        var isClosed = false
    }

    let wakeUp: Int32
    private let waker: Int32
    private let most: Int
    private let state = Mutex(State())

    init(most: Int) throws(UnboundContext.SetupError) {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw UnboundContext.SetupError(step: "pipe", code: -1) }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        wakeUp = ends[0]
        waker = ends[1]
        self.most = most
    }

    deinit {
        close(wakeUp)
        close(waker)
    }

    /// Hands a question in, or completes it at once when the resolver is closed or has too much to do.
    func put(_ query: Query) {
        let refusal = state.withLock { state -> ResolverError.Detail? in
            if state.isClosed { return .closed }
            if state.outstanding >= most { return .overloaded }
            state.outstanding += 1
            state.waiting.append(query)
            return nil
        }
        if let refusal {
            query.completion(.failure(ResolverError(refusal, name: query.name)))
        } else {
            wake()
        }
    }

    /// Takes what was handed in since the last time; `nil` when the door is closed and everything was taken.
    func take() -> [Query]? {
        var drain = [UInt8](repeating: 0, count: 64)
        while unsafe read(wakeUp, &drain, drain.count) > 0 {}
        return state.withLock { state in
            if state.isClosed, state.waiting.isEmpty { return nil }
            let taken = state.waiting
            state.waiting = []
            return taken
        }
    }

    /// One question has been answered.
    func completed() {
        state.withLock { $0.outstanding -= 1 }
    }

    /// Lets nobody in any more; the thread finishes by itself.
    func shut() {
        state.withLock { $0.isClosed = true }
        wake()
    }

    private func wake() {
        // A full pipe is a thread that is already being woken.
        var octet: UInt8 = 1
        _ = unsafe write(waker, &octet, 1)
    }
}
