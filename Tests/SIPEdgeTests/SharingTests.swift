import BusContract
import BusTestKit
import Logging
import MessageBus
import NIOCore
import NIOPosix
import Resolver
import SIPEdge
import SIPGrammar
import SIPTransport
import Testing

/// Two edges that share the work of one bus.
@Suite(.timeLimit(.minutes(1)))
struct SharingTests {
    private static let loop = MultiThreadedEventLoopGroup.singleton.next()
    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private static let key = ConversationKey("juliet@wonder.example|romeo@sip.example")

    private struct Replica {
        let edge: SIPEdge
        let shares: FakeShares
        let port: Int
    }

    private let bus = LocalBus()

    private func client(_ name: String) -> BusClient {
        BusClient(instance: name, link: bus.link(), loop: Self.loop, logger: Self.logger)
    }

    private func replica(
        _ name: String,
        owning shards: Set<UInt8>,
        proxy: Int = 9
    ) async throws -> Replica {
        let client = client(name)
        let shares = FakeShares(of: .sipEdge, on: client, owning: shards)
        let edge = SIPEdge(
            SIPEdgeConfiguration(
                listen: ["udp://127.0.0.1:0"].compactMap { SIPEndpoint($0) },
                outboundProxy: SIPURI("sip:127.0.0.1:\(proxy)"),
                access: AccessRules(domains: ["sip.example"])
            ),
            loop: Self.loop,
            courier: client,
            sharing: shares.joined,
            resolver: StaticResolver(),
            logger: Self.logger
        )
        try await edge.start()
        let port = try await Self.loop.submit { edge.endpoints.first?.port ?? 0 }.get()
        return Replica(edge: edge, shares: shares, port: port)
    }

    private func send(_ body: String, from client: BusClient) throws -> EventLoopFuture<Outcome> {
        let headers: SIPHeaders = [
            .from: "<sip:juliet@wonder.example>;tag=9", .to: "<sip:romeo@sip.example>", .callID: "\(body)",
            .cSeq: "1 MESSAGE",
        ]
        let uri = try #require(SIPURI("sip:romeo@sip.example"))
        let request = SIPRequest(.message, uri, headers: headers, body: Array(body.utf8))
        var generator = SystemRandomNumberGenerator()
        let delivery = Delivery(
            id: DeliveryID(using: &generator),
            key: Self.key,
            patience: .seconds(20),
            payload: .sipDispatch(SIPDispatch(request: request))
        )
        let promise = Self.loop.makePromise(of: Outcome.self)
        Self.loop.execute { client.deliver(delivery, to: .sipEdge) { promise.succeed($0) } }
        // A client that is let go of first would take the promise with it.
        promise.futureResult.whenComplete { _ in withExtendedLifetime(client) {} }
        return promise.futureResult
    }

    /// The next request, answered to whoever its Via names.
    private func answerNext(_ phone: Peer) async throws -> (body: String?, port: Int) {
        let text = try #require(await phone.next())
        guard case .request(let request) = try SIPMessage.parse(Array(text.utf8)) else { return (nil, 0) }
        let port = try request.headers.topVia().port ?? 0
        try await phone.send(
            String(decoding: request.response(200, toTag: "x").octets, as: UTF8.self),
            to: port
        )
        return (String(decoding: request.body, as: UTF8.self), port)
    }

    @Test func `a MESSAGE that is repeated to another edge is delivered once and answered alike`()
        async throws
    {
        let (a, b) = (try await replica("a", owning: []), try await replica("b", owning: []))
        let im = client("im")
        let deliveries = Letters<DeliveryID>()
        try await Self.loop.submit {
            im.serve(.instantMessaging) { delivery, responder in
                deliveries.put(delivery.id)
                responder.reply(.ok(.sipAnswer(SIPAnswer(202))))
            }
        }.get()
        let phone = try await Peer.open(.udp, to: a.port)
        let draft = Draft().with { $0.via = "SIP/2.0/UDP 127.0.0.1:\(phone.port);branch=z9hG4bK1;rport" }
        try await phone.send(draft.text)
        let first = try #require(await phone.next())
        try await phone.send(draft.text, to: b.port)
        #expect(await phone.next() == first)
        #expect(first.status == 202)
        try await phone.send(draft.with { $0.callID = "another" }.text, to: b.port)
        _ = await phone.next()
        let ids = [await deliveries.next(), await deliveries.next()]
        // The repeat was no delivery of its own: the second is that of the other MESSAGE.
        #expect(ids[0] == RequestIdentity(try draft.received()).id)
        #expect(ids[1] != ids[0])
        await a.edge.stop()
        await b.edge.stop()
    }

    @Test func `the owner of a conversation sends, and gets the answer`() async throws {
        let phone = try await Peer.open(.udp, to: 9)
        let shard: Set<UInt8> = [Self.key.shard]
        let a = try await replica("a", owning: shard, proxy: phone.port)
        let b = try await replica("b", owning: Set(0...255).subtracting(shard), proxy: phone.port)
        let im = client("im")
        let first = try send("one", from: im)
        #expect(try await answerNext(phone) == ("one", a.port))
        #expect(try await first.get().isAnswer(200))
        try await a.shares.lose(shard)
        let second = try send("two", from: im)
        try await b.shares.own(shard)
        #expect(try await answerNext(phone) == ("two", b.port))
        #expect(try await second.get().isAnswer(200))
        await a.edge.stop()
        await b.edge.stop()
    }

    @Test func `who has lost its leases without knowing sends nothing more`() async throws {
        let phone = try await Peer.open(.udp, to: 9)
        let shard: Set<UInt8> = [Self.key.shard]
        let a = try await replica("a", owning: shard, proxy: phone.port)
        let b = try await replica("b", owning: [], proxy: phone.port)
        let im = client("im")
        let first = try send("one", from: im)
        #expect(try await answerNext(phone).body == "one")
        #expect(try await first.get().isAnswer(200))
        try await a.shares.expire()
        let rest = [try send("two", from: im), try send("three", from: im)]
        try await b.shares.own(shard)
        for body in ["two", "three"] { #expect(try await answerNext(phone) == (body, b.port)) }
        for outcome in rest { #expect(try await outcome.get().isAnswer(200)) }
        await a.edge.stop()
        await b.edge.stop()
    }

    @Test func `an edge that ends leaves its work to another`() async throws {
        let phone = try await Peer.open(.udp, to: 9)
        let a = try await replica("a", owning: Set(0...255), proxy: phone.port)
        let b = try await replica("b", owning: [], proxy: phone.port)
        await a.edge.drain(grace: .seconds(20))
        let im = client("im")
        let outcome = try send("one", from: im)
        try await b.shares.own([Self.key.shard])
        #expect(try await answerNext(phone) == ("one", b.port))
        #expect(try await outcome.get().isAnswer(200))
        await a.edge.stop()
        await b.edge.stop()
    }
}

extension Outcome {
    fileprivate func isAnswer(_ status: Int) -> Bool {
        guard case .ok(.sipResponse(let response)) = self else { return false }
        return response.status == status
    }
}
