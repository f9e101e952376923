internal import CZeroMQ

/// A libzmq context: its I/O threads and the `inproc` names of one process.
@safe package final class ZeroMQContext: @unchecked Sendable {
    // A libzmq context may be used from all threads; the pointer never changes.
    let pointer: UnsafeMutableRawPointer

    package init() {
        guard let context = unsafe zmq_ctx_new() else {
            preconditionFailure("libzmq has no memory for a context")
        }
        unsafe pointer = context
        unsafe zmq_ctx_set(context, ZMQ_IPV6, 1)
    }

    deinit { unsafe zmq_ctx_term(pointer) }
}
