import BusContract
import BusTestKit
import Logging
import MachineKit
import MessageBus
import NIOCore
import XMPPEdge
import XMPPGrammar

/// One of several edges that share the work of a bus, attached to the server at a port as `plays.example`.
struct Replica {
    static let domain = "plays.example"
    /// The shard of the component's domain.
    static let linkShard = ConversationKey(domain).shard

    let edge: XMPPEdge
    let shares: FakeShares

    static func start(
        _ name: String,
        on bus: LocalBus,
        attachedTo port: Int,
        owning shards: Set<UInt8>
    ) async throws -> Replica {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let client = BusClient(instance: name, link: bus.link(), loop: Server.loop, logger: logger)
        let shares = FakeShares(of: .xmppEdge, on: client, owning: shards)
        var configuration = XMPPEdgeConfiguration(domains: [domain])
        configuration.components = [
            .init(host: "127.0.0.1", port: port, domain: domain, secret: "s3cret")
        ]
        let edge = try XMPPEdge(
            configuration,
            bus: client,
            sharing: shares.joined,
            resolver: TestDNS(),
            loop: Server.loop,
            logger: logger,
            wallClock: { WallTime(milliseconds: 1_000) }
        )
        _ = try await edge.start()
        return Replica(edge: edge, shares: shares)
    }

    var isAttached: Bool {
        get async { await edge.links().contains { $0.state == "attached" } }
    }

    func stop() async {
        await edge.stop(grace: .seconds(5))
    }
}

/// The translator's side of such a bus.
final class Translator: @unchecked Sendable {
    // What changes is touched on the loop alone.
    let arrivals: AsyncStream<StanzaArrival>
    private let client: BusClient

    /// `answer`: what comes of each stanza that arrives; nil holds it until ``release(_:)``.
    init(_ name: String = "im", on bus: LocalBus, answer: Outcome? = .ok(nil)) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        client = BusClient(instance: name, link: bus.link(), loop: Server.loop, logger: logger)
        let (arrivals, continuation) = AsyncStream.makeStream(of: StanzaArrival.self)
        self.arrivals = arrivals
        try await Server.loop.submit { [self] in
            client.serve(.instantMessaging) { [self] delivery, responder in
                if let answer { responder.reply(answer) } else { responders.append(responder) }
                if case .stanzaArrival(let arrival) = delivery.payload { continuation.yield(arrival) }
            }
        }.get()
    }

    private var responders: [Responder] = []

    func release(_ outcome: Outcome) async throws {
        try await Server.loop.submit { [self] in
            for responder in responders { responder.reply(outcome) }
            responders = []
        }.get()
    }

    /// Has stanzas sent, in this order.
    func send(_ bodies: [String], key: ConversationKey) -> EventLoopFuture<[Outcome]> {
        var generator = SystemRandomNumberGenerator()
        let sendings = bodies.map { send($0, key: key, id: DeliveryID(using: &generator)) }
        return EventLoopFuture.whenAllSucceed(sendings, on: Server.loop)
    }

    /// Has a stanza sent under this id.
    func send(_ body: String, key: ConversationKey, id: DeliveryID) -> EventLoopFuture<Outcome> {
        let promise = Server.loop.makePromise(of: Outcome.self)
        let delivery = Delivery(
            id: id,
            key: key,
            patience: .seconds(20),
            payload: .stanza(Self.message(body))
        )
        Server.loop.execute { [self] in client.deliver(delivery, to: .xmppEdge) { promise.succeed($0) } }
        return promise.futureResult
    }

    private static func message(_ body: String) -> Element {
        var message = Element("message", Namespace.client)
        message["from"] = "romeo@\(Replica.domain)"
        message["to"] = "juliet@capulet.example"
        message.append(Element("body", Namespace.client, text: body))
        return message
    }
}
