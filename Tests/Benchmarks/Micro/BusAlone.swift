import BusContract
import Logging
import MessageBus
import NIOCore
import NIOPosix
import XMPPGrammar

/// Deliveries of a message stanza from one service to another and their replies, 200 outstanding.
enum BusAlone {
    enum Kind: String, CaseIterable {
        case values
        case ipc
        case tcp
    }

    private static let service = ServiceName("im")
    private static let count = 200_000
    private static let window = 200

    static var message: Element {
        let body = Element(
            "body",
            Namespace.client,
            children: [.text("There's a porpoise close behind us")]
        )
        var message = Element("message", Namespace.client, children: [.element(body)])
        message["from"] = "alice@wonder.example/garden"
        message["to"] = "bob@sip.example"
        message["id"] = "a8f3c2"
        return message
    }

    static func measure(_ kind: Kind) async throws {
        let place = try Place(kind)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let receiver = try place.client("receiver", on: group.next())
        let sender = try place.client("sender", on: group.next())
        try await receiver.loop.submit {
            receiver.serve(service) { _, responder in responder.reply(.ok(nil)) }
        }.get()
        try await run(on: sender, deliveries: 2_000)
        let before = Stopwatch.processorTime()
        let took = try await ContinuousClock().measure { try await run(on: sender, deliveries: count) }
        Stopwatch.row(
            "bus alone, \(kind.rawValue): a delivery and its reply",
            count: count,
            took: took,
            processor: Stopwatch.processorTime() - before
        )
        await sender.close()
        await receiver.close()
        await place.close()
        try await group.shutdownGracefully()
    }

    private static func run(on sender: BusClient, deliveries: Int) async throws {
        let done = sender.loop.makePromise(of: Void.self)
        sender.loop.execute {
            let loop = Loop(sender, deliveries: deliveries, done: done)
            for _ in 0..<window { loop.next() }
        }
        try await done.futureResult.get()
    }

    /// The closed loop; lives on the sender's event loop.
    private final class Loop {
        private let sender: BusClient
        private let done: EventLoopPromise<Void>
        private let deliveries: Int
        private var sent = 0
        private var finished = 0
        private var generator = SystemRandomNumberGenerator()
        private let payload: Payload

        init(_ sender: BusClient, deliveries: Int, done: EventLoopPromise<Void>) {
            self.sender = sender
            self.deliveries = deliveries
            self.done = done
            payload = .stanza(BusAlone.message)
        }

        func next() {
            guard sent < deliveries else { return }
            sent += 1
            let delivery = Delivery(
                id: DeliveryID(using: &generator),
                key: ConversationKey("conversation \(sent % window)"),
                patience: .seconds(30),
                payload: payload
            )
            sender.deliver(delivery, to: service) { outcome in
                guard case .ok = outcome else { return self.done.fail(Lost(outcome: outcome)) }
                self.finished += 1
                if self.finished == self.deliveries { self.done.succeed() } else { self.next() }
            }
        }
    }

    private struct Lost: Error {
        let outcome: Outcome
    }

    /// A bus of one kind, with its broker where it has one.
    private struct Place {
        private let local = LocalBus()
        private let context = ZeroMQContext()
        private var endpoint: BusEndpoint?
        private var broker: Broker?
        private let logger = Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() }

        init(_ kind: Kind) throws {
            let dice = Int.random(in: 20_000..<32_000)
            switch kind {
            case .values: return
            case .ipc: endpoint = BusEndpoint("ipc:///tmp/causeway-benchmark-\(dice)")
            case .tcp: endpoint = BusEndpoint("tcp://127.0.0.1:\(dice)")
            }
            broker = try endpoint.map { try Broker($0, context: context, logger: logger) }
        }

        func client(_ name: String, on loop: any EventLoop) throws -> BusClient {
            let link = endpoint.map { ZeroMQLink([$0], context: context, logger: logger) } ?? local.link()
            return BusClient(instance: name, link: link, loop: loop, logger: logger)
        }

        func close() async {
            await broker?.close()
        }
    }
}
