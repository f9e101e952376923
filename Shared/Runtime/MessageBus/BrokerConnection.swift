import Logging
import MachineKit

/// One broker as a link uses it, on the link's thread: a socket each way, and what libzmq tells of them.
final class BrokerConnection {
    /// The sockets to one broker.
    private struct Sockets {
        let publisher: ZeroMQSocket
        let subscriber: ZeroMQSocket
        /// The monitors of both.
        let monitors: [ZeroMQSocket]
    }

    /// How long after a refusal the broker is tried again: it may have been given our key meanwhile.
    private static let retryAfter = Duration.seconds(1)

    private let broker: BusEndpoint
    private let curve: CurveClient?
    private let context: ZeroMQContext
    private let logger: Logger
    private var sockets: Sockets
    private var audience = BrokerAudience()
    private var isReached = false
    /// A broker that does not let us in is tried again for as long as it takes.
    private var lines = LineBudget(burst: 2, interval: .seconds(10))
    /// When the sockets are to be made anew, because libzmq has given up on them.
    private(set) var retryAt: Moment?

    init(
        _ broker: BusEndpoint,
        _ curve: CurveClient?,
        _ context: ZeroMQContext,
        _ logger: Logger
    ) throws(BusError) {
        self.broker = broker
        self.curve = curve
        self.context = context
        self.logger = logger
        sockets = try Self.connect(broker, curve, context)
    }

    var publisher: ZeroMQSocket { sockets.publisher }
    var subscriber: ZeroMQSocket { sockets.subscriber }
    /// What is to be attended to besides what arrives.
    var attended: [ZeroMQSocket] { [sockets.publisher] + sockets.monitors }

    /// Whether somebody would receive what is published here on a topic.
    func listens(to topic: [UInt8]) -> Bool { audience.listens(to: topic) }

    /// Takes in who has come and gone, here and at the broker.
    func attend() {
        while let frames = sockets.publisher.receive() { audience.note(frames[0]) }
        for monitor in sockets.monitors {
            while let frames = monitor.receive() {
                if let event = ZeroMQEvent(frames[0]) { note(event) }
            }
        }
    }

    /// Tries again what libzmq has given up on, when it is time.
    func retry(subscribing prefixes: [String]) {
        guard let moment = retryAt, moment <= .now else { return }
        do throws(BusError) {
            let fresh = try Self.connect(broker, curve, context)
            close()
            sockets = fresh
            audience = BrokerAudience()
            for prefix in prefixes { sockets.subscriber.subscribe(prefix) }
            retryAt = nil
        } catch {
            logger.error("broker cannot be tried again", metadata: ["reason": "\(error)"])
            retryAt = .now + Self.retryAfter
        }
    }

    /// Gives the sockets back; what was sent leaves within their linger time.
    func close() {
        for socket in [sockets.publisher, sockets.subscriber] { socket.endWatch() }
        for socket in [sockets.publisher, sockets.subscriber] + sockets.monitors { socket.close() }
    }

    private func note(_ event: ZeroMQEvent) {
        switch event {
        case .reached:
            if !isReached { logger.info("broker reached", metadata: ["broker": "\(broker)"]) }
            isReached = true
        case .lost:
            if isReached { logger.notice("broker lost", metadata: ["broker": "\(broker)"]) }
            isReached = false
        case .refused:
            giveUp("broker refuses this process: the public key of its bus.curve.secret-key is not admitted")
        case .misunderstood:
            giveUp("broker not understood: one end of the bus is encrypted, or differently (bus.curve)")
        case .brokenOff:
            // What a broker with another key does, and one that is just being ended.
            report("broker hung up: it is ending, or has another key than bus.curve.server-key")
        }
    }

    private func giveUp(_ message: Logger.Message) {
        report(message)
        retryAt = retryAt ?? .now + Self.retryAfter
    }

    private func report(_ message: Logger.Message) {
        guard let omitted = lines.spend(at: .now) else { return }
        logger.warning(message, metadata: ["broker": "\(broker)", "omitted": "\(omitted)"])
    }

    private static func connect(
        _ broker: BusEndpoint,
        _ curve: CurveClient?,
        _ context: ZeroMQContext
    ) throws(BusError) -> Sockets {
        let role = curve.map(CurveRole.client)
        var made: [ZeroMQSocket] = []
        do throws(BusError) {
            // XPUB is PUB that tells who listens.
            for kind in [ZeroMQSocket.Kind.publishProxy, .subscribe] {
                made.append(try ZeroMQSocket(kind, in: context, curve: role))
            }
            // What is published while a broker is away is lost at once. Kept, it would arrive late and all together,
            // after others have had its repeats.
            made[0].dropsWhileAway()
            for socket in [made[0], made[1]] { made.append(try socket.watch(ZeroMQEvent.all)) }
            try made[0].connect(broker.publishing)
            try made[1].connect(broker.subscribing)
        } catch {
            for socket in made { socket.endWatch() }
            for socket in made { socket.close() }
            throw error
        }
        return Sockets(publisher: made[0], subscriber: made[1], monitors: Array(made[2...]))
    }
}
