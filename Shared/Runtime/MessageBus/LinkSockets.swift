import BusContract
internal import CZeroMQ
import Logging
import MachineKit
import Metrics

/// The sockets of one link, used by its thread alone.
final class LinkSockets {
    /// How many messages are taken from a socket before others have their turn.
    private static let batch = 512
    /// How many senders' ways are remembered.
    private static let mostWays = 4_096
    /// How much of a topic stands in a log.
    private static let shownTopic = 64

    private let brokers: [BrokerConnection]
    private var prefixes: [String] = []
    /// The broker over which each sender's deliveries last came, by the topic of its replies.
    private var ways: [[UInt8]: Int] = [:]
    private let logger: Logger
    private var lines = LineBudget()
    private let dropped: Counter
    private let malformed: Counter

    init(
        _ brokers: [BusEndpoint],
        _ curve: CurveClient?,
        _ context: ZeroMQContext,
        _ logger: Logger,
        _ metrics: any MetricsFactory
    ) throws(BusError) {
        var connections: [BrokerConnection] = []
        do throws(BusError) {
            for broker in brokers {
                connections.append(try BrokerConnection(broker, curve, context, logger))
            }
        } catch {
            for connection in connections { connection.close() }
            throw error
        }
        self.brokers = connections
        self.logger = logger
        dropped = Counter(label: "causeway_bus_dropped_total", factory: metrics)
        malformed = Counter(label: "causeway_bus_malformed_total", factory: metrics)
    }

    /// Gives the sockets back; what was sent leaves within their linger time.
    func close() {
        for broker in brokers { broker.close() }
    }

    /// Blocks until a message has come or `descriptor` is readable, and sees after the brokers meanwhile.
    func wait(alsoFor descriptor: Int32) {
        var items: [zmq_pollitem_t] = unsafe []
        unsafe items.append(
            zmq_pollitem_t(socket: nil, fd: descriptor, events: Int16(ZMQ_POLLIN), revents: 0)
        )
        var owners: [BrokerConnection?] = [nil]
        for broker in brokers {
            unsafe items.append(Self.item(broker.subscriber))
            owners.append(nil)
            for socket in broker.attended {
                unsafe items.append(Self.item(socket))
                owners.append(broker)
            }
        }
        unsafe zmq_poll(&items, Int32(items.count), patience)
        for (index, owner) in owners.enumerated() where unsafe items[index].revents != 0 { owner?.attend() }
        for broker in brokers { broker.retry(subscribing: prefixes) }
    }

    func subscribe(_ prefix: String) {
        prefixes.append(prefix)
        for broker in brokers { broker.subscriber.subscribe(prefix) }
    }

    func unsubscribe(_ prefix: String) {
        if let index = prefixes.firstIndex(of: prefix) { prefixes.remove(at: index) }
        for broker in brokers { broker.subscriber.unsubscribe(prefix) }
    }

    func send(_ topic: [UInt8], _ body: [UInt8], route: Int) {
        // A dropped message is sent again by its sender, to the next broker if there are several.
        if !brokers[way(to: topic, route)].publisher.send(topic, body) { dropped.increment() }
    }

    func receiveAll() -> [Arrival] {
        var arrivals: [Arrival] = []
        for (index, broker) in brokers.enumerated() {
            var taken = 0
            while taken < Self.batch, let frames = broker.subscriber.receive() {
                taken += 1
                guard let arrival = read(frames) else { continue }
                arrivals.append(arrival)
                if brokers.count > 1 { note(arrival, cameBy: index) }
            }
        }
        return arrivals
    }

    /// How long to wait at most, in milliseconds; -1 for as long as nothing happens.
    private var patience: Int {
        guard let next = brokers.compactMap(\.retryAt).min() else { return -1 }
        return max(0, Int((next - .now).inNanoseconds / 1_000_000) + 1)
    }

    /// The broker to publish at: of those where somebody listens, the preferred one.
    ///
    /// A reply goes the way its question came, which is known to work: a broker that is stopped looks well for some
    /// seconds, and who asks moves on while who answers cannot know.
    private func way(to topic: [UInt8], _ route: Int) -> Int {
        guard brokers.count > 1 else { return 0 }
        let heard = brokers.indices.filter { brokers[$0].listens(to: topic) }
        if let known = ways[topic], heard.contains(known) { return known }
        return heard.isEmpty ? route % brokers.count : heard[route % heard.count]
    }

    private func note(_ arrival: Arrival, cameBy broker: Int) {
        guard !arrival.decoded.parcel.deliveries.isEmpty || !arrival.decoded.refused.isEmpty else { return }
        let replies = Array(Topic(repliesTo: arrival.decoded.parcel.sender).name.utf8)
        if ways.count >= Self.mostWays, ways[replies] == nil { ways.removeAll(keepingCapacity: true) }
        ways[replies] = broker
    }

    private func read(_ frames: [[UInt8]]) -> Arrival? {
        guard frames.count == 2 else {
            drop("bus message dropped: it has not two frames", frames[0], "\(frames.count) frames")
            return nil
        }
        do throws(ContractError) {
            let decoded = try Parcel.decode(frames[1])
            return Arrival(topic: Topic(name: String(decoding: frames[0], as: UTF8.self)), decoded: decoded)
        } catch {
            drop("bus message dropped: it is no parcel of this contract", frames[0], "\(error.reason)")
            return nil
        }
    }

    private func drop(_ message: Logger.Message, _ topic: [UInt8], _ reason: String) {
        malformed.increment()
        guard let omitted = lines.spend(at: .now) else { return }
        logger.warning(
            message,
            metadata: [
                "topic": "\(String(decoding: topic.prefix(Self.shownTopic), as: UTF8.self))",
                "reason": "\(reason)", "omitted": "\(omitted)",
            ]
        )
    }

    private static func item(_ socket: ZeroMQSocket) -> zmq_pollitem_t {
        unsafe zmq_pollitem_t(socket: socket.pointer, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0)
    }
}
