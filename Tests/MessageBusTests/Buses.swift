import BusContract
import Glibc
import Logging
import MessageBus
import NIOCore
import NIOPosix
import Testing

/// The ways over which the same rules must hold.
enum BusKind: String, CaseIterable, CustomTestStringConvertible {
    case values, inproc, ipc, tcp

    var testDescription: String { rawValue }
}

/// A bus of some kind for one test, with its broker where it has one.
final class TestBus {
    let kind: BusKind
    private let local = LocalBus()
    private let context = ZeroMQContext()
    private var endpoint: BusEndpoint?
    private var broker: Broker?
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    init(_ kind: BusKind) throws {
        self.kind = kind
        try start()
    }

    func link() throws -> any BusLink {
        guard let endpoint else { return local.link() }
        return ZeroMQLink([endpoint], context: context, logger: logger)
    }

    func client(
        _ name: String,
        on loop: any EventLoop,
        losing losses: LossyLink.Losses? = nil,
        window: Int = 4_096
    ) throws -> BusClient {
        let link = try link()
        return BusClient(
            instance: name,
            link: losses.map { LossyLink(link, losing: $0) } ?? link,
            loop: loop,
            window: window,
            logger: logger
        )
    }

    /// Ends the broker; what is published now is lost.
    func stopBroker() async {
        await broker?.close()
        broker = nil
    }

    /// Starts a broker at the same address.
    func restartBroker() throws(BusError) {
        guard let endpoint else { return }
        broker = try Broker(endpoint, context: context, logger: logger)
    }

    /// Starts a broker at the address of one that was stopped, as soon as libzmq's reaper has let go of it.
    func replaceBroker() async throws(BusError) {
        while true {
            do throws(BusError) {
                return try restartBroker()
            } catch {
                guard error.code == .addressInUse else { throw error }
            }
            await Task.yield()
        }
    }

    private func start() throws {
        let unique = "causeway-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        switch kind {
        case .values: break
        case .inproc: endpoint = BusEndpoint("inproc://\(unique)")
        case .ipc: endpoint = BusEndpoint("ipc:///tmp/\(unique)")
        case .tcp:
            while broker == nil {
                endpoint = BusEndpoint("tcp://127.0.0.1:\(Int.random(in: 20_000...60_000))")
                do throws(BusError) {
                    try restartBroker()
                } catch {
                    guard error.code == .addressInUse else { throw error }
                }
            }
            return
        }
        try restartBroker()
    }
}

extension BusClient {
    /// Sends work and waits for how it ends.
    func ask(_ delivery: Delivery, of service: ServiceName) async throws -> Outcome {
        let promise = loop.makePromise(of: Outcome.self)
        loop.execute { self.deliver(delivery, to: service) { promise.succeed($0) } }
        return try await promise.futureResult.get()
    }

    /// Answers all work of a service, at once.
    func serve(_ service: ServiceName, answer: @escaping @Sendable (Delivery) -> Outcome) async throws {
        try await loop.submit {
            self.serve(service) { delivery, responder in responder.reply(answer(delivery)) }
        }.get()
    }
}
