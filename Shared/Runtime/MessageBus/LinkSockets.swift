import BusContract
internal import CZeroMQ
import Logging
import Metrics

/// The sockets of one link, used by its thread alone.
final class LinkSockets {
    /// How many messages are taken from a socket before others have their turn.
    private static let batch = 512

    private let publishers: [ZeroMQSocket]
    private let subscribers: [ZeroMQSocket]
    private let dropped = Counter(label: "causeway_bus_dropped_total")
    private let malformed = Counter(label: "causeway_bus_malformed_total")

    init(_ brokers: [BusEndpoint], _ context: ZeroMQContext) throws(BusError) {
        var publishers: [ZeroMQSocket] = []
        var subscribers: [ZeroMQSocket] = []
        for broker in brokers {
            let publisher = try ZeroMQSocket(.publish, in: context)
            try publisher.connect(broker.publishing)
            publishers.append(publisher)
            let subscriber = try ZeroMQSocket(.subscribe, in: context)
            try subscriber.connect(broker.subscribing)
            subscribers.append(subscriber)
        }
        self.publishers = publishers
        self.subscribers = subscribers
    }

    /// Gives the sockets back; what was sent leaves within their linger time.
    func close() {
        for socket in publishers + subscribers { socket.close() }
    }

    /// Blocks until a message has come or `descriptor` is readable.
    func wait(alsoFor descriptor: Int32) {
        var items = unsafe subscribers.map {
            unsafe zmq_pollitem_t(socket: $0.pointer, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0)
        }
        unsafe items.append(
            zmq_pollitem_t(socket: nil, fd: descriptor, events: Int16(ZMQ_POLLIN), revents: 0)
        )
        unsafe zmq_poll(&items, Int32(items.count), -1)
    }

    func subscribe(_ prefix: String) {
        for subscriber in subscribers { subscriber.subscribe(prefix) }
    }

    func unsubscribe(_ prefix: String) {
        for subscriber in subscribers { subscriber.unsubscribe(prefix) }
    }

    func send(_ topic: [UInt8], _ body: [UInt8], route: Int) {
        // A dropped message is sent again by its sender, to the next broker if there are several.
        if !publishers[route % publishers.count].send(topic, body) { dropped.increment() }
    }

    func receiveAll(_ logger: Logger) -> [Arrival] {
        var arrivals: [Arrival] = []
        for subscriber in subscribers {
            var taken = 0
            while taken < Self.batch, let frames = subscriber.receive() {
                taken += 1
                if let arrival = read(frames, logger) { arrivals.append(arrival) }
            }
        }
        return arrivals
    }

    private func read(_ frames: [[UInt8]], _ logger: Logger) -> Arrival? {
        guard frames.count == 2 else {
            malformed.increment()
            logger.warning(
                "bus message dropped: it has not two frames",
                metadata: ["frames": "\(frames.count)"]
            )
            return nil
        }
        let topic = Topic(name: String(decoding: frames[0], as: UTF8.self))
        do throws(ContractError) {
            return Arrival(topic: topic, decoded: try Parcel.decode(frames[1]))
        } catch {
            malformed.increment()
            logger.warning(
                "bus message dropped: it is no parcel of this contract",
                metadata: ["topic": "\(topic)", "reason": "\(error.reason)"]
            )
            return nil
        }
    }
}
