import BusContract
internal import CZeroMQ
import Glibc
package import Logging
package import Metrics
import Synchronization

/// A place on the bus over ZeroMQ: a thread of its own with one publishing and one subscribing socket a broker.
///
/// What it subscribes to it hears from all brokers. What it publishes goes to one, of those where somebody listens.
package final class ZeroMQLink: BusLink {
    private struct Outgoing: Sendable {
        var topic: [UInt8]
        var body: [UInt8]
        var route: Int
    }

    private struct Subscription: Sendable {
        var prefix: String
        var isWanted: Bool
    }

    private struct Queue: Sendable {
        var outgoing: [Outgoing] = []
        var subscriptions: [Subscription] = []
        var isAwake = false
        var isClosing = false
    }

    private let brokers: [BusEndpoint]
    private let curve: CurveClient?
    private let context: ZeroMQContext
    private let logger: Logger
    private let metrics: any MetricsFactory
    private let queue = Mutex(Queue())
    private let wakeUp: Int32
    private let finished = ThreadEnd()

    /// Makes a link to the given brokers, which need not be there yet; with `curve` an encrypted one.
    package init(
        _ brokers: [BusEndpoint],
        curve: CurveClient? = nil,
        context: ZeroMQContext,
        logger: Logger,
        metrics: any MetricsFactory = MetricsSystem.factory
    ) {
        precondition(!brokers.isEmpty, "a link needs a broker")
        self.brokers = brokers
        self.curve = curve
        self.context = context
        self.logger = logger
        self.metrics = metrics
        wakeUp = causeway_wake_make()
        precondition(wakeUp >= 0, "the system refuses an eventfd: error \(errno)")
    }

    deinit { Glibc.close(wakeUp) }

    package func open(_ receive: @escaping @Sendable ([Arrival]) -> Void) {
        BusThread.start("causeway-bus") { [self] in
            do throws(BusError) {
                try run(receive)
            } catch {
                logger.critical("bus link failed", metadata: ["error": "\(error)"])
            }
            finished.signal()
        }
    }

    package func subscribe(_ prefix: String) {
        enqueue { $0.subscriptions.append(Subscription(prefix: prefix, isWanted: true)) }
    }

    package func unsubscribe(_ prefix: String) {
        enqueue { $0.subscriptions.append(Subscription(prefix: prefix, isWanted: false)) }
    }

    package func publish(_ mail: [Mail]) {
        let outgoing = mail.map {
            Outgoing(topic: Array($0.topic.name.utf8), body: $0.parcel.encoded, route: $0.route)
        }
        enqueue { $0.outgoing += outgoing }
    }

    package func close() async {
        enqueue { $0.isClosing = true }
        await finished.wait()
    }

    /// Changes the queue and wakes the thread, unless somebody has just done so.
    private func enqueue(_ change: (inout sending Queue) -> Void) {
        let mustWake = queue.withLock { queue in
            change(&queue)
            defer { queue.isAwake = true }
            return !queue.isAwake
        }
        if mustWake { causeway_wake_signal(wakeUp) }
    }

    private func run(_ receive: ([Arrival]) -> Void) throws(BusError) {
        let sockets = try LinkSockets(brokers, curve, context, logger, metrics)
        while true {
            sockets.wait(alsoFor: wakeUp)
            let arrivals = sockets.receiveAll()
            if !arrivals.isEmpty { receive(arrivals) }
            let work = queue.withLock { queue in
                causeway_wake_clear(wakeUp)
                queue.isAwake = false
                defer {
                    queue.outgoing = []
                    queue.subscriptions = []
                }
                return queue
            }
            for change in work.subscriptions {
                if change.isWanted {
                    sockets.subscribe(change.prefix)
                } else {
                    sockets.unsubscribe(change.prefix)
                }
            }
            for message in work.outgoing { sockets.send(message.topic, message.body, route: message.route) }
            if work.isClosing { return sockets.close() }
        }
    }
}
