import ArgumentParser
import Logging
import MessageBus
import NIOCore
import NIOPosix
import ServiceKit
import Store

/// Answers and makes calls on a gateway's bus, until it is killed; another with the same store goes on.
@main
struct DialogAgent: AsyncParsableCommand {
    @Option(help: "The broker, as tcp://127.0.0.1:5550.") var connect: String
    @Option(help: "The file that conversations are stored in.") var store: String

    func run() async throws {
        guard let endpoint = BusEndpoint(connect) else { throw BusError(.badAddress, connect) }
        let logger = Logger(label: "dialog-agent")
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let client = BusClient(
            instance: "dialog-agent-\(UInt64.random(in: .min ... .max))",
            link: ZeroMQLink([endpoint], context: ZeroMQContext(), logger: logger),
            loop: loop,
            logger: logger
        )
        let store = try await SQLiteStore(path: store)
        try await loop.submit {
            TranslatorHost(durable: AgentTranslator(), on: client, store: store, logger: logger).start()
        }.get()
        Journal.note("ready", "agent")
        try await loop.makePromise(of: Void.self).futureResult.get()
    }
}
