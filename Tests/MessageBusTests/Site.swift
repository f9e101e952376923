import BusContract
import Glibc
import Logging
import MessageBus
import NIOCore
import NIOPosix
import Telemetry

/// A bus of one or more brokers, each of which has its own process's worth of libzmq, as has each service.
final class Site {
    let endpoints: [BusEndpoint]
    let log = RecordingLog()
    /// The figures of brokers and services together.
    let metrics = MetricsRegistry()
    private let server: CurveServer?
    private var brokers: [Int: (broker: Broker, context: ZeroMQContext)] = [:]

    /// Starts brokers at unused names, or at free ports.
    init(brokers count: Int = 1, over kind: BusKind = .ipc, curve server: CurveServer? = nil) async throws {
        self.server = server
        var endpoints: [BusEndpoint] = []
        for number in 0..<count {
            let (endpoint, broker, context) = try await Self.open(kind, server, log, metrics)
            endpoints.append(endpoint)
            brokers[number] = (broker, context)
        }
        self.endpoints = endpoints
    }

    /// A service's place on this bus; its context must outlive it.
    func client(
        _ name: String,
        on loop: any EventLoop = MultiThreadedEventLoopGroup.singleton.any(),
        curve: CurveClient? = nil,
        counting: LossyLink.Losses? = nil
    ) -> (client: BusClient, link: LossyLink) {
        let inner = ZeroMQLink(
            endpoints,
            curve: curve,
            context: ZeroMQContext(),
            logger: log.logger,
            metrics: metrics
        )
        let link = LossyLink(inner, losing: counting ?? .init())
        return (BusClient(instance: name, link: link, loop: loop, logger: log.logger), link)
    }

    /// Ends a broker as if it had been killed: whoever uses it sees its connections close.
    func end(_ number: Int) async {
        guard let (broker, context) = brokers.removeValue(forKey: number) else { return }
        await broker.close()
        await context.terminate()
    }

    /// Starts a broker again at its address; with other keys if they are given.
    func restart(_ number: Int, curve: CurveServer? = nil) async throws(BusError) {
        let context = ZeroMQContext()
        while true {
            do throws(BusError) {
                let broker = try Broker(
                    endpoints[number],
                    curve: curve ?? server,
                    context: context,
                    logger: log.logger,
                    metrics: metrics
                )
                brokers[number] = (broker, context)
                return
            } catch {
                guard error.code == .addressInUse else { throw error }
            }
            await Task.yield()
        }
    }

    func end() async {
        for number in brokers.keys { await end(number) }
    }

    private static func open(
        _ kind: BusKind,
        _ server: CurveServer?,
        _ log: RecordingLog,
        _ metrics: MetricsRegistry
    ) async throws -> (BusEndpoint, Broker, ZeroMQContext) {
        while true {
            let unique = "causeway-\(getpid())-\(UInt32.random(in: 0 ... .max))"
            let port = Int.random(in: 20_000...32_000)
            let text = kind == .tcp ? "tcp://127.0.0.1:\(port)" : "ipc:///tmp/\(unique)"
            guard let endpoint = BusEndpoint(text) else { continue }
            let context = ZeroMQContext()
            do throws(BusError) {
                let broker = try Broker(
                    endpoint,
                    curve: server,
                    context: context,
                    logger: log.logger,
                    metrics: metrics
                )
                return (endpoint, broker, context)
            } catch {
                guard error.code == .addressInUse else { throw error }
            }
        }
    }
}

extension Delivery {
    /// Work that says a number.
    static func number(_ number: UInt64, key: String = "a|b", patience: Duration = .seconds(20)) -> Delivery {
        Delivery(
            id: DeliveryID(high: 11, low: number),
            key: ConversationKey(key),
            patience: patience,
            payload: .opaque(type: "test.Number", [UInt8(truncatingIfNeeded: number)])
        )
    }
}
