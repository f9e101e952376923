internal import CZeroMQ
import Synchronization

/// A libzmq context: its I/O threads and the `inproc` names of one process.
@safe package final class ZeroMQContext: @unchecked Sendable {
    // A libzmq context may be used from all threads; the pointer never changes.
    let pointer: UnsafeMutableRawPointer
    private let isTerminated = Mutex(false)

    package init() {
        guard let context = unsafe zmq_ctx_new() else {
            preconditionFailure("libzmq has no memory for a context")
        }
        unsafe pointer = context
        unsafe zmq_ctx_set(context, ZMQ_IPV6, 1)
    }

    deinit { end() }

    /// Waits until what was sent has left, or its sockets' linger time (one second) is over.
    ///
    /// All sockets must have been closed. A process that ends without this loses its last replies now and then:
    /// closing a socket leaves them to an I/O thread, which ends with the process.
    package func terminate() async {
        let finished = ThreadEnd()
        BusThread.start("causeway-bus-end") { [self] in
            end()
            finished.signal()
        }
        await finished.wait()
    }

    private func end() {
        let isFirst = isTerminated.withLock { isTerminated in
            defer { isTerminated = true }
            return !isTerminated
        }
        if isFirst { unsafe zmq_ctx_term(pointer) }
    }
}
