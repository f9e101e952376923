import BusContract
import CZeroMQ
import MessageBus

/// A peer on the bus that says whatever a test wants, as a program in another language might.
@safe final class RawPeer {
    // Used by one test's task, one call at a time.
    private let context: UnsafeMutableRawPointer
    private let publisher: UnsafeMutableRawPointer
    private let subscriber: UnsafeMutableRawPointer

    /// How long this peer waits for anything, in milliseconds.
    private static let patience = 250
    private static let attempts = 100

    /// Connects to a broker and listens to what is published under a prefix.
    init(_ broker: BusEndpoint, listeningTo prefix: String) throws {
        unsafe context = zmq_ctx_new()
        unsafe publisher = zmq_socket(context, ZMQ_XPUB)
        unsafe subscriber = zmq_socket(context, ZMQ_SUB)
        var patience = Int32(Self.patience)
        unsafe zmq_setsockopt(publisher, ZMQ_RCVTIMEO, &patience, MemoryLayout<Int32>.size)
        unsafe zmq_setsockopt(subscriber, ZMQ_RCVTIMEO, &patience, MemoryLayout<Int32>.size)
        // Nothing is dropped, however fast it comes.
        var most: Int32 = 0
        unsafe zmq_setsockopt(publisher, ZMQ_SNDHWM, &most, MemoryLayout<Int32>.size)
        unsafe zmq_setsockopt(subscriber, ZMQ_SUBSCRIBE, prefix, prefix.utf8.count)
        unsafe zmq_connect(publisher, broker.publishing)
        unsafe zmq_connect(subscriber, broker.subscribing)
    }

    /// Asks until it is answered, so that from then on each way is open; false when it never is.
    func reaches(_ topic: String) -> Bool {
        let delivery = Delivery.number(UInt64.random(in: 1_000 ... .max))
        for _ in 0..<Self.attempts {
            publish([Array(topic.utf8), Parcel(sender: "raw", deliveries: [delivery]).encoded])
            if reply(to: delivery.id, attempts: 1) != nil { return true }
        }
        return false
    }

    /// The reply to a delivery, waited for; nil when none comes.
    func reply(to id: DeliveryID, attempts: Int = attempts) -> Reply? {
        for _ in 0..<attempts {
            while let frames = unsafe receive(subscriber) {
                let replies = (try? Parcel.decode(frames[1]))?.parcel.replies ?? []
                if let reply = replies.first(where: { $0.id == id }) { return reply }
            }
        }
        return nil
    }

    func publish(_ frames: [[UInt8]]) {
        for (index, frame) in frames.enumerated() {
            unsafe zmq_send(publisher, frame, frame.count, index == frames.count - 1 ? 0 : ZMQ_SNDMORE)
        }
    }

    func close() {
        unsafe zmq_close(publisher)
        unsafe zmq_close(subscriber)
        unsafe zmq_ctx_term(context)
    }

    private func receive(_ socket: UnsafeMutableRawPointer) -> [[UInt8]]? {
        var frames: [[UInt8]] = []
        var message = zmq_msg_t()
        unsafe zmq_msg_init(&message)
        defer { unsafe zmq_msg_close(&message) }
        repeat {
            guard unsafe zmq_msg_recv(&message, socket, 0) >= 0 else { return nil }
            let octets = unsafe UnsafeRawBufferPointer(
                start: zmq_msg_data(&message),
                count: zmq_msg_size(&message)
            )
            unsafe frames.append([UInt8](octets))
        } while unsafe zmq_msg_more(&message) == 1
        return frames
    }
}
