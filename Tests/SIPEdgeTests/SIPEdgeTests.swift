import BusContract
import Logging
import NIOCore
import NIOPosix
import Resolver
import SIPEdge
import SIPGrammar
import SIPTransactions
import SIPTransport
import Testing

/// A whole edge on loopback with a fake bus.
@Suite(.timeLimit(.minutes(1)))
struct SIPEdgeTests {
    @Test func `carries a MESSAGE in, by UDP and TCP`() async throws {
        let stage = try await Stage.open(answering: .ok(.sipAnswer(SIPAnswer(202))))
        for transport in [TransportProtocol.udp, .tcp] {
            let peer = try await Peer.open(transport, to: stage.port(transport))
            let draft = Draft().with {
                $0.via = "SIP/2.0/\(transport.viaName) 127.0.0.1:9;branch=z9hG4bK\(transport);rport"
                $0.callID = "\(transport)"
            }
            try await peer.send(draft.text)
            let answer = try #require(await peer.next())
            #expect(answer.status == 202)
            #expect(answer.field("Contact") == nil)
            try await peer.send(draft.text)
            #expect(await peer.next() == answer)
        }
        let load = try await stage.load()
        #expect(load.remembered == 2)
        #expect(load.isIdle)
        await stage.edge.stop()
    }

    @Test func `carries a MESSAGE out and its answer back`() async throws {
        let peer = try await Peer.open(.udp, to: 9)
        let stage = try await Stage.open(proxy: "sip:127.0.0.1:\(peer.port)")
        async let outcome = stage.dispatch("hello")
        let request = try #require(await peer.next())
        #expect(request.statusLine == "MESSAGE sip:romeo@sip.example SIP/2.0")
        #expect(
            request.field("Via")?.hasPrefix(
                "SIP/2.0/UDP 127.0.0.1:\(try await stage.port(.udp));branch=z9hG4bK-"
            ) == true
        )
        guard case .request(let parsed) = try SIPMessage.parse(Array(request.utf8)) else { return }
        try await peer.send(
            String(decoding: parsed.response(200, toTag: "x").octets, as: UTF8.self),
            to: stage.port(.udp)
        )
        guard case .ok(.sipResponse(let response)) = try await outcome else {
            return #expect(Bool(false), "failed")
        }
        #expect(response.status == 200)
        await stage.edge.stop()
    }

    @Test func `carries a long MESSAGE out by TCP`() async throws {
        let server = try await Server.open()
        let stage = try await Stage.open(proxy: "sip:127.0.0.1:\(server.port)")
        async let outcome = stage.dispatch(String(repeating: "\u{1f339}", count: 5_000))
        #expect(await server.mailbox.next() == 20_000)
        guard case .ok(.sipResponse(let response)) = try await outcome else {
            return #expect(Bool(false), "failed")
        }
        #expect(response.status == 200)
        await stage.edge.stop()
    }

    @Test(arguments: [
        ("short", Failure.Reason.unreachable), (String(repeating: "x", count: 2_000), .tooLarge),
    ])
    func `says that nobody is there`(_ body: String, _ reason: Failure.Reason) async throws {
        let peer = try await Peer.open(.udp, to: 9)
        let port = peer.port
        try await peer.channel.close()
        let stage = try await Stage.open(proxy: "sip:127.0.0.1:\(port)") { configuration in
            configuration.timing.t1 = .milliseconds(20)
        }
        guard case .failed(let failure) = try await stage.dispatch(body) else {
            return #expect(Bool(false), "sent")
        }
        #expect(failure.reason == reason)
        await stage.edge.stop()
    }

    @Test func `refuses a stranger`() async throws {
        let stage = try await Stage.open { configuration in configuration.access.trusted = [] }
        let peer = try await Peer.open(.udp, to: stage.port(.udp))
        try await peer.send(Draft().text)
        #expect(await peer.next()?.status == 403)
        await stage.edge.reload(AccessRules(domains: ["sip.example"]))
        try await peer.send(Draft().with { $0.method = "OPTIONS" }.text)
        #expect(await peer.next()?.status == 200)
        await stage.edge.stop()
    }

    @Test func `names the address when the port is in use`() async throws {
        let first = try await Stage.open()
        let endpoint = SIPEndpoint(.udp, host: "127.0.0.1", port: try await first.port(.udp))
        let error = await #expect(throws: SIPListenError.self) {
            _ = try await Stage.open { $0.listen = [endpoint] }
        }
        #expect(error == SIPListenError(endpoint, .inUse))
        await first.edge.stop()
    }

    @Test func `drains: ends what is under way and takes nothing new`() async throws {
        let stage = try await Stage.open()
        let peer = try await Peer.open(.udp, to: stage.port(.udp))
        try await peer.send(Draft().text)
        await stage.delivered()
        async let drained: Void = stage.edge.drain(grace: .seconds(20))
        await stage.draining()
        try await peer.send(Draft().with { $0.callID = "new" }.text)
        #expect(await peer.next()?.status == 503)
        stage.end(.ok(nil))
        await drained
        #expect(await peer.next()?.status == 202)
        await stage.edge.stop()
    }
}

/// An edge, its bus and its loop.
private final class Stage: @unchecked Sendable {
    // The courier is touched on the loop alone.

    let loop: any EventLoop
    let edge: SIPEdge
    private let courier = FakeCourier()
    private let deliveries = Letters<Int>()

    private init(_ configuration: SIPEdgeConfiguration, answer: Outcome?) {
        loop = MultiThreadedEventLoopGroup.singleton.next()
        courier.answer = answer
        courier.onDelivery = { [deliveries] _ in deliveries.put(1) }
        edge = SIPEdge(
            configuration,
            loop: loop,
            courier: courier,
            resolver: StaticResolver(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    static func open(
        proxy: String? = nil,
        answering answer: Outcome? = nil,
        _ change: (inout SIPEdgeConfiguration) -> Void = { _ in }
    ) async throws -> Stage {
        var configuration = SIPEdgeConfiguration(
            listen: ["udp://127.0.0.1:0", "tcp://127.0.0.1:0"].compactMap { SIPEndpoint($0) },
            outboundProxy: proxy.flatMap { SIPURI($0) },
            access: AccessRules(domains: ["sip.example"])
        )
        change(&configuration)
        let stage = Stage(configuration, answer: answer)
        try await stage.edge.start()
        return stage
    }

    func port(_ transport: TransportProtocol) async throws -> Int {
        try await loop.submit { [edge] in edge.endpoints.first { $0.transport == transport }?.port ?? 0 }
            .get()
    }

    func load() async throws -> SIPEdge.Load { try await loop.submit { [edge] in edge.load }.get() }

    /// Returns when something has been delivered to the bus.
    func delivered() async { _ = await deliveries.next() }

    /// Returns when the edge has begun to drain.
    func draining() async {
        while await (try? loop.submit { [edge] in edge.isDraining }.get()) != true { await Task.yield() }
    }

    /// Ends the latest delivery.
    func end(_ outcome: Outcome) {
        loop.execute { [courier] in courier.end(courier.sendings.count - 1, outcome) }
    }

    /// Has a MESSAGE sent.
    func dispatch(_ body: String) async throws -> Outcome {
        let headers: SIPHeaders = [
            .from: "<sip:juliet@wonder.example>;tag=9", .to: "<sip:romeo@sip.example>", .callID: "c",
            .cSeq: "1 MESSAGE",
        ]
        let uri = try #require(SIPURI("sip:romeo@sip.example"))
        let request = SIPRequest(.message, uri, headers: headers, body: Array(body.utf8))
        let delivery = Delivery(
            id: DeliveryID(high: 1, low: 2),
            key: ConversationKey("k"),
            patience: .seconds(30),
            payload: .sipDispatch(SIPDispatch(request: request))
        )
        let promise = loop.makePromise(of: Outcome.self)
        loop.execute { [courier] in
            courier.handlers[.sipEdge]?(delivery) { outcome in if let outcome { promise.succeed(outcome) } }
        }
        return try await promise.futureResult.get()
    }
}

/// A proxy that takes requests by TCP, says how long their bodies were, and answers 200.
private struct Server {
    let channel: any Channel
    let mailbox: Letters<Int>

    static func open() async throws -> Server {
        let mailbox = Letters<Int>()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Answerer(mailbox))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return Server(channel: channel, mailbox: mailbox)
    }

    var port: Int { channel.localAddress?.port ?? 0 }
}

private final class Answerer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let mailbox: Letters<Int>
    private var framer = SIPStreamFramer()

    init(_ mailbox: Letters<Int>) {
        self.mailbox = mailbox
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let octets = unwrapInboundIn(data)
        framer.append(octets.readableBytesUInt8Span)
        while case .message(.request(let request))? = try? framer.next() {
            mailbox.put(request.body.count)
            let response = ByteBuffer(bytes: request.response(200, toTag: "x").octets)
            context.channel.writeAndFlush(response, promise: nil)
        }
    }
}
