internal import CZeroMQ
import Telemetry

/// A libzmq socket.
///
/// It belongs to one thread at a time: whoever owns one hands it over whole.
@safe final class ZeroMQSocket: @unchecked Sendable {
    enum Kind: Sendable {
        case subscribe, publishProxy, subscribeProxy, pair, reply
    }

    /// The largest parcel: far more than one turn of any loop has ready for one topic.
    private static let largestParcel: Int64 = 256 << 20
    /// The largest prefix that is asked for.
    private static let largestPrefix: Int64 = 64 << 10

    let context: ZeroMQContext
    // One thread uses the socket at a time; whoever makes one on another thread hands it over and forgets it.
    let pointer: UnsafeMutableRawPointer

    init(_ kind: Kind, in context: ZeroMQContext) throws(BusError) {
        self.context = context
        let type =
            switch kind {
            case .subscribe: ZMQ_SUB
            case .publishProxy: ZMQ_XPUB
            case .subscribeProxy: ZMQ_XSUB
            case .pair: ZMQ_PAIR
            case .reply: ZMQ_REP
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
        // An end that is stopped, or whose host is gone, is found out in seconds, and what waits for it is dropped.
        set(ZMQ_HEARTBEAT_IVL, 1_000)
        set(ZMQ_HEARTBEAT_TIMEOUT, 4_000)
        var most = kind == .publishProxy ? Self.largestPrefix : Self.largestParcel
        unsafe zmq_setsockopt(pointer, ZMQ_MAXMSGSIZE, &most, MemoryLayout<Int64>.size)
    }

    /// Makes a socket whose connections are encrypted, where there is a role in that.
    convenience init(_ kind: Kind, in context: ZeroMQContext, curve role: CurveRole?) throws(BusError) {
        try self.init(kind, in: context)
        guard let role else { return }
        do throws(BusError) {
            try encrypt(role)
        } catch {
            close()
            throw error
        }
    }

    /// Makes a socket that is bound to an address, or none.
    convenience init(
        _ kind: Kind,
        in context: ZeroMQContext,
        curve role: CurveRole? = nil,
        boundTo address: String
    ) throws(BusError) {
        try self.init(kind, in: context, curve: role)
        do throws(BusError) {
            try bind(address)
        } catch {
            close()
            throw error
        }
    }

    /// Gives the socket back; it must not be used any more.
    func close() {
        unsafe zmq_close(pointer)
    }

    private func set(_ option: Int32, _ value: Int32) {
        var value = value
        unsafe zmq_setsockopt(pointer, option, &value, MemoryLayout<Int32>.size)
    }

    private func encrypt(_ role: CurveRole) throws(BusError) {
        switch role {
        case .server(let server):
            set(ZMQ_CURVE_SERVER, 1)
            try setKey(ZMQ_CURVE_SECRETKEY, server.pair.secretKey.revealed)
        case .client(let client):
            try setKey(ZMQ_CURVE_SERVERKEY, client.serverKey)
            try setKey(ZMQ_CURVE_PUBLICKEY, client.pair.publicKey)
            try setKey(ZMQ_CURVE_SECRETKEY, client.pair.secretKey.revealed)
        }
    }

    private func setKey(_ option: Int32, _ key: String) throws(BusError) {
        guard let octets = CurveKey.octets(key),
            unsafe zmq_setsockopt(pointer, option, octets, octets.count) == 0
        else { throw BusError(.noEncryption, "with the given keys") }
    }

    /// Makes a publisher drop what it cannot send now because the other end is away.
    func dropsWhileAway() {
        set(ZMQ_IMMEDIATE, 1)
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

    /// Sends a message of any number of frames.
    func send(_ frames: [[UInt8]]) {
        for (index, frame) in frames.enumerated() {
            let flags = index == frames.count - 1 ? 0 : ZMQ_SNDMORE
            unsafe zmq_send(pointer, frame, frame.count, flags)
        }
    }

    /// Takes the next message if there is one: at least one frame, and at most as many as are wanted.
    func receive(mostFrames: Int = 4) -> [[UInt8]]? {
        var frames: [[UInt8]] = []
        var message = zmq_msg_t()
        unsafe zmq_msg_init(&message)
        defer { unsafe zmq_msg_close(&message) }
        repeat {
            guard unsafe zmq_msg_recv(&message, pointer, ZMQ_DONTWAIT) >= 0 else { return nil }
            let size = unsafe zmq_msg_size(&message)
            if frames.count < mostFrames {
                let data = unsafe UnsafeRawBufferPointer(start: zmq_msg_data(&message), count: size)
                unsafe frames.append([UInt8](data))
            }
        } while unsafe zmq_msg_more(&message) == 1
        return frames
    }
}
