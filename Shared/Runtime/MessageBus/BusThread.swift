internal import CZeroMQ
import Glibc
import Synchronization

/// Threads of their own for libzmq's sockets, each of which belongs to one thread.
enum BusThread {
    private final class Body: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }

    /// Runs `body` on a new detached thread of the given name (at most 15 octets are kept).
    static func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
        let box = Body {
            unsafe causeway_thread_name(name)
            body()
        }
        var thread = pthread_t()
        let context = unsafe Unmanaged.passRetained(box).toOpaque()
        let status = unsafe pthread_create(
            &thread,
            nil,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
                return nil
            },
            context
        )
        precondition(status == 0, "the system refuses a thread: error \(status)")
        pthread_detach(thread)
    }
}

/// Lets tasks wait for a thread's end.
final class ThreadEnd: Sendable {
    private struct State {
        var isOver = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func signal() {
        let waiting = state.withLock { state in
            state.isOver = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if !state.isOver { state.waiting.append(continuation) }
                return state.isOver
            }
            if isOver { continuation.resume() }
        }
    }
}
