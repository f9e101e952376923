internal import CZeroMQ

/// A libzmq socket.
///
/// It belongs to one thread at a time: whoever owns one hands it over whole.
@safe final class ZeroMQSocket: @unchecked Sendable {
    enum Kind: Sendable {
        case publish, subscribe, publishProxy, subscribeProxy, pair
    }

    private let context: ZeroMQContext
    // One thread uses the socket at a time; whoever makes one on another thread hands it over and forgets it.
    let pointer: UnsafeMutableRawPointer

    init(_ kind: Kind, in context: ZeroMQContext) throws(BusError) {
        self.context = context
        let type =
            switch kind {
            case .publish: ZMQ_PUB
            case .subscribe: ZMQ_SUB
            case .publishProxy: ZMQ_XPUB
            case .subscribeProxy: ZMQ_XSUB
            case .pair: ZMQ_PAIR
            }
        guard let socket = unsafe zmq_socket(context.pointer, type) else {
            throw BusError.last("a new socket")
        }
        unsafe pointer = socket
        set(ZMQ_LINGER, 1_000)
        // The window of rule 6 bounds what is in flight; libzmq's own limit must not drop before it.
        set(ZMQ_SNDHWM, 100_000)
        set(ZMQ_RCVHWM, 100_000)
        set(ZMQ_RECONNECT_IVL, 50)
        set(ZMQ_RECONNECT_IVL_MAX, 500)
        set(ZMQ_TCP_KEEPALIVE, 1)
    }

    /// Gives the socket back; it must not be used any more.
    func close() {
        unsafe zmq_close(pointer)
    }

    /// Makes a socket that is bound to an address, or none.
    convenience init(_ kind: Kind, in context: ZeroMQContext, boundTo address: String) throws(BusError) {
        try self.init(kind, in: context)
        do throws(BusError) {
            try bind(address)
        } catch {
            close()
            throw error
        }
    }

    private func set(_ option: Int32, _ value: Int32) {
        var value = value
        unsafe zmq_setsockopt(pointer, option, &value, MemoryLayout<Int32>.size)
    }

    func bind(_ address: String) throws(BusError) {
        guard unsafe zmq_bind(pointer, address) == 0 else { throw BusError.last(address) }
    }

    func connect(_ address: String) throws(BusError) {
        guard unsafe zmq_connect(pointer, address) == 0 else { throw BusError.last(address) }
    }

    func subscribe(_ prefix: String) {
        unsafe zmq_setsockopt(pointer, ZMQ_SUBSCRIBE, prefix, prefix.utf8.count)
    }

    func unsubscribe(_ prefix: String) {
        unsafe zmq_setsockopt(pointer, ZMQ_UNSUBSCRIBE, prefix, prefix.utf8.count)
    }

    /// Sends a message of two frames; false when it was dropped.
    func send(_ topic: [UInt8], _ body: [UInt8]) -> Bool {
        unsafe zmq_send(pointer, topic, topic.count, ZMQ_SNDMORE | ZMQ_DONTWAIT) >= 0
            && zmq_send(pointer, body, body.count, ZMQ_DONTWAIT) >= 0
    }

    /// Sends a message of one frame, as libzmq's proxy takes its commands.
    func send(_ command: String) {
        unsafe zmq_send(pointer, command, command.utf8.count, 0)
    }

    /// Takes the next message if there is one: all its frames, of which there are few.
    func receive() -> [[UInt8]]? {
        var frames: [[UInt8]] = []
        var message = zmq_msg_t()
        unsafe zmq_msg_init(&message)
        defer { unsafe zmq_msg_close(&message) }
        repeat {
            guard unsafe zmq_msg_recv(&message, pointer, ZMQ_DONTWAIT) >= 0 else { return nil }
            let size = unsafe zmq_msg_size(&message)
            if frames.count < 4, let data = unsafe zmq_msg_data(&message) {
                unsafe frames.append([UInt8](UnsafeRawBufferPointer(start: data, count: size)))
            }
        } while unsafe zmq_msg_more(&message) == 1
        return frames
    }
}
