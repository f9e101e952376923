import BusContract
import Logging
import MachineKit
import MessageBus
import NIOCore
import NIOPosix
import ServiceKit
import Testing
import TranslatorKit

/// Asks "other" about everything that it is told, and answers what other answers; forgets itself after 50 ms.
private struct Relay: Translator {
    struct Conversation: Machine {
        typealias Input = Stimulus
        typealias Output = Action
        enum Timer: Hashable, Sendable { case forget }

        var asked: [DeliveryID: DeliveryID] = [:]
        var isOver = false

        mutating func handle(_ input: Stimulus, at now: Moment) -> Effects {
            switch input {
            case .delivery(let delivery):
                var question = delivery
                question.id = delivery.id.child("question")
                asked[question.id] = delivery.id
                isOver = false
                return [.send(.deliver(question, to: ServiceName("other")))]
            case .outcome(of: let id, let outcome):
                guard let asker = asked.removeValue(forKey: id) else { return [.ignore("unknown")] }
                return [.send(.reply(to: asker, outcome)), .set(.forget, at: now + .milliseconds(50))]
            case .resumed: return []
            }
        }

        mutating func fired(_ timer: Timer, at now: Moment) -> Effects {
            isOver = true
            return []
        }
    }

    let service = ServiceName("relay")
    func conversation(_ key: ConversationKey) -> Conversation { Conversation() }
    func isOver(_ conversation: Conversation) -> Bool { conversation.isOver }
}

@Suite("The host of a translator")
struct TranslatorHostTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.any()
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private let bus = LocalBus()

    private func client(_ name: String) -> BusClient {
        BusClient(instance: name, link: bus.link(), loop: loop, logger: logger)
    }

    private func delivery(_ number: UInt64) -> Delivery {
        Delivery(
            id: DeliveryID(high: 0, low: number),
            key: ConversationKey("key \(number)"),
            patience: .seconds(5),
            payload: .opaque(type: "test.Number", [UInt8(truncatingIfNeeded: number)])
        )
    }

    private func ask(_ client: BusClient, _ delivery: Delivery) async throws -> Outcome {
        let promise = loop.makePromise(of: Outcome.self)
        loop.execute { client.deliver(delivery, to: ServiceName("relay")) { promise.succeed($0) } }
        return try await promise.futureResult.get()
    }

    @Test func `carries work in, effects out, outcomes back, and forgets a conversation that is over`()
        async throws
    {
        let (edge, host, other) = (client("edge"), client("relay"), client("other"))
        let forgotten = loop.makePromise(of: Int.self)
        try await loop.submit { [logger] in
            other.serve(ServiceName("other")) { delivery, responder in responder.reply(.ok(delivery.payload))
            }
            let translators = TranslatorHost(Relay(), on: host, logger: logger)
            translators.start()
        }.get()
        for number in 1...20 as ClosedRange<UInt64> {
            #expect(try await ask(edge, delivery(number)) == .ok(delivery(number).payload))
        }
        forgotten.succeed(0)
        for client in [edge, host, other] { await client.close() }
    }

    @Test func `refuses new conversations beyond its limit and says when to come back`() async throws {
        let (edge, host) = (client("edge"), client("relay"))
        let outcome = loop.makePromise(of: Outcome.self)
        let (first, second) = (delivery(1), delivery(2))
        try await loop.submit { [logger] in
            let translators = TranslatorHost(Relay(), on: host, limit: 1, logger: logger)
            translators.start()
            edge.deliver(first, to: ServiceName("relay")) { _ in }
            edge.deliver(second, to: ServiceName("relay")) { outcome.succeed($0) }
        }.get()
        #expect(try await outcome.futureResult.get() == .busy(retryAfter: .seconds(5)))
        for client in [edge, host] { await client.close() }
    }

    @Test func `drops a conversation that says it is over`() async throws {
        let (edge, host, other) = (client("edge"), client("relay"), client("other"))
        let promise = loop.makePromise(of: (Int, Int).self)
        let one = delivery(1)
        try await loop.submit { [logger] in
            other.serve(ServiceName("other")) { delivery, responder in responder.reply(.ok(delivery.payload))
            }
            let translators = TranslatorHost(Relay(), on: host, logger: logger)
            translators.start()
            edge.deliver(one, to: ServiceName("relay")) { _ in
                let before = translators.count
                host.loop.assumeIsolatedUnsafeUnchecked().scheduleTask(in: .milliseconds(80)) {
                    promise.succeed((before, translators.count))
                }
            }
        }.get()
        let counts = try await promise.futureResult.get()
        #expect(counts == (1, 0))
        for client in [edge, host, other] { await client.close() }
    }
}
