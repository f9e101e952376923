internal import CZeroMQ

/// A libzmq socket as plain as it comes: it costs its user as little as can be.
@safe final class RawSocket {
    enum Kind {
        case publish, subscribe
    }

    /// What a call of libzmq did not do.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// What both sockets of a process have in common; it lives as long as the process.
    @safe final class Context {
        fileprivate let pointer: UnsafeMutableRawPointer

        init() throws(Fault) {
            guard let pointer = unsafe zmq_ctx_new() else { throw Fault(description: "no context") }
            unsafe self.pointer = pointer
        }
    }

    private let pointer: UnsafeMutableRawPointer

    /// Connects a socket to an address.
    init(_ kind: Kind, in context: Context, to address: String) throws(Fault) {
        guard let socket = unsafe zmq_socket(context.pointer, kind == .publish ? ZMQ_PUB : ZMQ_SUB) else {
            throw Fault(description: "no socket")
        }
        unsafe pointer = socket
        var unlimited: Int32 = 0
        for option in [ZMQ_SNDHWM, ZMQ_RCVHWM, ZMQ_LINGER] {
            unsafe zmq_setsockopt(pointer, option, &unlimited, MemoryLayout<Int32>.size)
        }
        guard unsafe zmq_connect(pointer, address) == 0 else {
            throw Fault(description: "cannot connect to \(address)")
        }
    }

    func subscribe(_ prefix: String) {
        unsafe zmq_setsockopt(pointer, ZMQ_SUBSCRIBE, prefix, prefix.utf8.count)
    }

    /// Sends a message of two frames.
    func send(_ topic: [UInt8], _ body: [UInt8]) throws(Fault) {
        guard unsafe zmq_send(pointer, topic, topic.count, ZMQ_SNDMORE) >= 0,
            unsafe zmq_send(pointer, body, body.count, 0) >= 0
        else { throw Fault(description: "cannot send") }
    }

    /// Takes a message of two frames if there is one: the second into `body`, of which it says how much it took.
    func receive(into body: inout [UInt8]) throws(Fault) -> Int? {
        var topic = InlineArray<512, UInt8>(repeating: 0)
        var bytes = topic.mutableSpan
        let first = unsafe bytes.withUnsafeMutableBytes {
            unsafe zmq_recv(pointer, $0.baseAddress, $0.count, ZMQ_DONTWAIT)
        }
        guard first >= 0 else { return nil }
        let count = unsafe body.withUnsafeMutableBytes {
            unsafe Int(zmq_recv(pointer, $0.baseAddress, $0.count, 0))
        }
        guard count >= 0, count <= body.count else {
            throw Fault(description: "a second frame of \(count) octets")
        }
        return count
    }

    /// Waits until there is a message, for so many milliseconds at most.
    func wait(atMost milliseconds: Int) {
        var item = unsafe zmq_pollitem_t(socket: pointer, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0)
        unsafe zmq_poll(&item, 1, milliseconds)
    }
}
