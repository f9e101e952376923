import BusContract
import Logging
import MachineKit
import MessageBus
import NIOCore
import NIOPosix
import ServiceKit
import Testing
import TranslatorKit

/// Answers with how often it was told something, and by what setting.
private struct Counter: Translator {
    struct Conversation: Machine {
        typealias Input = Stimulus
        typealias Output = Action
        typealias Timer = Never

        var setting: String
        var count = 0

        mutating func handle(_ input: Stimulus, at now: Moment) -> Effects {
            guard case .delivery(let delivery) = input else { return [] }
            count += 1
            return [.send(.reply(to: delivery.id, .ok(.opaque(type: setting, [UInt8(count)]))))]
        }

        mutating func fired(_ timer: Never, at now: Moment) -> Effects {}
    }

    let setting: String
    let service = ServiceName("counter")
    var offer: ServiceOffer { ServiceOffer(service, letter: "c") }

    func conversation(_ key: ConversationKey) -> Conversation { Conversation(setting: setting) }

    func equipped(_ conversation: Conversation, of key: ConversationKey) -> Conversation {
        var conversation = conversation
        conversation.setting = setting
        return conversation
    }

    func isOver(_ conversation: Conversation) -> Bool { false }
}

/// What the gateway minted leads back to the conversation that it was minted for.
struct MintedKeyTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.any()
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private let bus = LocalBus()

    private func client(_ name: String) -> BusClient {
        BusClient(instance: name, link: bus.link(), loop: loop, logger: logger)
    }

    private func ask(_ client: BusClient, _ number: UInt64, _ key: ConversationKey) async throws -> Outcome {
        let delivery = Delivery(
            id: DeliveryID(high: 0, low: number),
            key: key,
            patience: .seconds(5),
            payload: .opaque(type: "test", [])
        )
        let promise = loop.makePromise(of: Outcome.self)
        loop.execute { client.deliver(delivery, to: ServiceName("counter")) { promise.succeed($0) } }
        return try await promise.futureResult.get()
    }

    private func host(_ client: BusClient) async throws -> NIOLoopBound<TranslatorHost<Counter>> {
        try await loop.submit { [loop, logger] in
            let host = TranslatorHost(Counter(setting: "first"), on: client, logger: logger)
            host.start()
            return NIOLoopBound(host, eventLoop: loop)
        }.get()
    }

    @Test func `both of a conversation's keys lead to it`() async throws {
        let (edge, counter) = (client("edge"), client("counter"))
        _ = try await host(counter)
        let key = ConversationKey("juliet@example.com|romeo@example.net")
        let tag = Mint(letter: "c", shard: key.shard).identifier(leadingTo: key, "1")
        let minted = try #require(Mint.read(tag)?.key)
        #expect(try await ask(edge, 1, key) == .ok(.opaque(type: "first", [1])))
        #expect(try await ask(edge, 2, minted) == .ok(.opaque(type: "first", [2])))
        #expect(try await ask(edge, 3, key) == .ok(.opaque(type: "first", [3])))
        // Another letter is another service's, and leads to a conversation that nobody began.
        let foreign = try #require(ConversationKey(mintedIn: "d" + tag.dropFirst()))
        #expect(try await ask(edge, 4, foreign) == .ok(.opaque(type: "first", [1])))
        for client in [edge, counter] { await client.close() }
    }

    @Test func `conversations go on by new settings`() async throws {
        let (edge, counter) = (client("edge"), client("counter"))
        let host = try await host(counter)
        #expect(try await ask(edge, 1, ConversationKey("a")) == .ok(.opaque(type: "first", [1])))
        try await loop.submit { host.value.replace(Counter(setting: "second")) }.get()
        #expect(try await ask(edge, 2, ConversationKey("a")) == .ok(.opaque(type: "second", [2])))
        #expect(try await ask(edge, 3, ConversationKey("b")) == .ok(.opaque(type: "second", [1])))
        for client in [edge, counter] { await client.close() }
    }
}
