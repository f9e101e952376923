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

/// A whole edge on loopback that finds its way by a table in place of the DNS.
@Suite(.timeLimit(.minutes(1)))
struct LocatingEdgeTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.next()

    private func edge(
        _ dns: StaticResolver,
        _ change: (inout SIPEdgeConfiguration) -> Void = { _ in }
    ) async throws -> (edge: SIPEdge, courier: FakeCourier) {
        var configuration = SIPEdgeConfiguration(
            listen: ["udp://127.0.0.1:0", "tcp://127.0.0.1:0"].compactMap { SIPEndpoint($0) }
        )
        configuration.timing.t1 = .milliseconds(100)
        change(&configuration)
        let courier = FakeCourier()
        let edge = SIPEdge(
            configuration,
            loop: loop,
            courier: courier,
            resolver: dns,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        try await edge.start()
        return (edge, courier)
    }

    private func dispatch(
        _ number: UInt64,
        to domain: String,
        by courier: FakeCourier
    ) throws -> EventLoopFuture<Outcome> {
        let uri = try #require(SIPURI("sip:romeo@\(domain)"))
        let headers: SIPHeaders = [
            .from: "<sip:juliet@wonder.example>;tag=9", .to: "<\(uri)>", .callID: "\(number)",
            .cSeq: "1 MESSAGE",
        ]
        let delivery = Delivery(
            id: DeliveryID(high: 0, low: number),
            key: ConversationKey("k"),
            patience: .seconds(30),
            payload: .sipDispatch(SIPDispatch(request: SIPRequest(.message, uri, headers: headers)))
        )
        let promise = loop.makePromise(of: Outcome.self)
        loop.execute {
            courier.handlers[.sipEdge]?(delivery) { outcome in if let outcome { promise.succeed(outcome) } }
        }
        return promise.futureResult
    }

    /// The first line of the next request, answered to whoever its Via names.
    private func answerNext(_ phone: Peer, _ status: Int = 200) async throws -> String? {
        let text = try #require(await phone.next())
        guard case .request(let request) = try SIPMessage.parse(Array(text.utf8)) else { return nil }
        let port = try request.headers.topVia().port ?? 0
        let response = request.response(status, toTag: "x")
        try await phone.send(String(decoding: response.octets, as: UTF8.self), to: port)
        return text.statusLine
    }

    private func status(_ outcome: Outcome) -> Int? {
        guard case .ok(.sipResponse(let response)) = outcome else { return nil }
        return response.status
    }

    @Test func `goes by pointers, services and addresses, past a server that is gone`() async throws {
        let phone = try await Peer.open(.udp, to: 9)
        let gone = try await Peer.open(.udp, to: 9)
        let port = gone.port
        try await gone.channel.close()
        let pointer = NAPTRRecord(
            order: 1,
            preference: 1,
            flags: "s",
            services: "SIP+D2U",
            replacement: "_sip._udp.hosted.example"
        )
        let dns = StaticResolver(
            services: [
                "_sip._udp.hosted.example": [
                    SRVRecord(priority: 1, weight: 0, port: port, target: "a.hosted.example"),
                    SRVRecord(priority: 2, weight: 0, port: phone.port, target: "a.hosted.example"),
                ]
            ],
            pointers: ["sip.example": [pointer]],
            hosts: ["a.hosted.example": ["127.0.0.1"]]
        )
        let (edge, courier) = try await edge(dns)
        let first = try dispatch(1, to: "sip.example", by: courier)
        #expect(try await answerNext(phone) == "MESSAGE sip:romeo@sip.example SIP/2.0")
        #expect(status(try await first.get()) == 200)
        let second = try dispatch(2, to: "sip.example", by: courier)
        #expect(try await answerNext(phone) == "MESSAGE sip:romeo@sip.example SIP/2.0")
        #expect(status(try await second.get()) == 200)
        await edge.stop()
    }

    @Test func `a static route goes before the DNS`() async throws {
        let phone = try await Peer.open(.udp, to: 9)
        let (edge, courier) = try await edge(StaticResolver()) { configuration in
            configuration.routes = ["*.example": "sip:127.0.0.1:\(phone.port)"].compactMapValues {
                SIPURI($0)
            }
        }
        let outcome = try dispatch(1, to: "sip.example", by: courier)
        #expect(try await answerNext(phone, 202) == "MESSAGE sip:romeo@sip.example SIP/2.0")
        #expect(status(try await outcome.get()) == 202)
        guard case .failed(let failure) = try await dispatch(2, to: "else.net", by: courier).get() else {
            return #expect(Bool(false), "sent")
        }
        #expect(failure.reason == .domainNotFound)
        await edge.stop()
    }

    @Test func `asks a silent server whether it lives`() async throws {
        let phone = try await Peer.open(.udp, to: 9)
        let (edge, courier) = try await edge(StaticResolver()) { configuration in
            configuration.routes = ["sip.example": "sip:127.0.0.1:\(phone.port)"].compactMapValues {
                SIPURI($0)
            }
        }
        let outcome = try dispatch(1, to: "sip.example", by: courier)
        let message = try #require(await phone.next())
        var probe: String?
        while probe == nil {
            let text = try #require(await phone.next())
            if text.hasPrefix("OPTIONS") { probe = text }
        }
        #expect(probe?.statusLine == "OPTIONS sip:127.0.0.1:\(phone.port) SIP/2.0")
        #expect(probe?.field("Max-Forwards") == "0")
        guard case .request(let request) = try SIPMessage.parse(Array(message.utf8)) else { return }
        let port = try request.headers.topVia().port ?? 0
        let octets = request.response(200, toTag: "x").octets
        try await phone.send(String(decoding: octets, as: UTF8.self), to: port)
        #expect(status(try await outcome.get()) == 200)
        await edge.stop()
    }
}
