import NIOCore
import NIOPosix
import Resolver
import SIPEdge
import SIPGrammar
import SIPTransport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct LocatorTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.next()

    private func locate(
        _ uri: String,
        _ resolver: StaticResolver
    ) async throws -> Result<NextHops, LocationFailure> {
        let locator = Locator(loop: loop, resolver: resolver)
        let promise = loop.makePromise(of: Result<NextHops, LocationFailure>.self)
        let target = try #require(SIPURI(uri))
        loop.execute { locator.locate(target) { promise.succeed($0) } }
        return try await promise.futureResult.get()
    }

    private func addresses(_ texts: [String]) throws -> [SocketAddress] {
        try texts.map { text in
            let parts = text.split(separator: "|")
            return try #require(IPAddress(String(parts[0]))?.socketAddress(port: Int(parts[1]) ?? 0))
        }
    }

    private static let dns = StaticResolver(
        services: [
            "_sip._udp.both.example": [
                SRVRecord(priority: 20, weight: 0, port: 5080, target: "two.example"),
                SRVRecord(priority: 10, weight: 0, port: 5070, target: "one.example"),
            ],
            "_sip._tcp.both.example": [SRVRecord(priority: 10, weight: 0, port: 5090, target: "one.example")],
            "_sip._udp.udp.example": [
                SRVRecord(priority: 5, weight: 0, port: 5060, target: "gone.example"),
                SRVRecord(priority: 10, weight: 0, port: 5070, target: "one.example"),
            ],
            "_sip._tcp.tcp.example": [SRVRecord(priority: 10, weight: 0, port: 5070, target: "one.example")],
            "_sip._udp.none.example": [SRVRecord(priority: 0, weight: 0, port: 0, target: ".")],
        ],
        hosts: [
            "one.example": ["192.0.2.1", "2001:db8::1"], "two.example": ["192.0.2.2"],
            "bare.example": ["192.0.2.9"],
        ],
        failures: ["_sip._udp.broken.example": .failed, "slow.example": .timeout]
    )

    @Test(arguments: [
        ("sip:a@192.0.2.7", ["192.0.2.7|5060"], ["192.0.2.7|5060"], false),
        ("sip:a@192.0.2.7:5070;transport=udp", ["192.0.2.7|5070"], [], false),
        ("sip:a@[2001:db8::7];transport=TCP", [], ["2001:db8::7|5060"], true),
        (
            "sip:a@one.example:5071", ["192.0.2.1|5071", "2001:db8::1|5071"],
            ["192.0.2.1|5071", "2001:db8::1|5071"], false
        ),
        ("sip:a@bare.example", ["192.0.2.9|5060"], ["192.0.2.9|5060"], false),
        (
            "sip:a@both.example", ["192.0.2.1|5070", "2001:db8::1|5070", "192.0.2.2|5080"],
            ["192.0.2.1|5090", "2001:db8::1|5090"], true
        ),
        ("sip:a@both.example;transport=tcp", [], ["192.0.2.1|5090", "2001:db8::1|5090"], true),
        (
            "sip:a@udp.example", ["192.0.2.1|5070", "2001:db8::1|5070"],
            ["192.0.2.1|5070", "2001:db8::1|5070"], false
        ),
        ("sip:a@tcp.example", [], ["192.0.2.1|5070", "2001:db8::1|5070"], true),
    ])
    func `finds the hops of a URI`(
        _ uri: String,
        _ udp: [String],
        _ tcp: [String],
        _ isTCPKnown: Bool
    ) async throws {
        let hops = try await locate(uri, Self.dns).get()
        #expect(hops == NextHops(udp: try addresses(udp), tcp: try addresses(tcp), isTCPKnown: isTCPKnown))
    }

    @Test func `says why there is none`() async throws {
        for (uri, kind) in [
            ("sip:a@nowhere.example", "notFound"), ("sip:a@none.example", "notFound"),
            ("sip:a@broken.example", "unresolved"), ("sip:a@slow.example", "unresolved"),
            ("sips:a@one.example", "unsupported"), ("sip:a@one.example;transport=tls", "unsupported"),
            ("sip:a@192.0.2.1;transport=pigeon", "unsupported"),
        ] {
            let result = try await locate(uri, Self.dns)
            guard case .failure(let failure) = result else {
                #expect(Bool(false), "\(uri) was found")
                continue
            }
            #expect("\(failure)".hasPrefix(kind), "\(uri): \(failure)")
        }
    }

    @Test func `asks once for many who ask together`() async throws {
        let resolver = CountingResolver()
        let locator = Locator(loop: loop, resolver: resolver)
        let uri = try #require(SIPURI("sip:a@bare.example:5060"))
        for _ in 0..<2 {
            let promises = (0..<20).map { _ in loop.makePromise(of: Bool.self) }
            loop.execute {
                for promise in promises {
                    locator.locate(uri) { result in promise.succeed((try? result.get()) != nil) }
                }
            }
            for promise in promises { #expect(try await promise.futureResult.get()) }
        }
        #expect(await resolver.counter.count == 1)
    }
}

private struct CountingResolver: Resolving {
    actor Counter {
        private(set) var count = 0
        func add() { count += 1 }
    }

    let counter = Counter()

    func srv(_ name: String) async throws(ResolverError) -> [SRVRecord] { [] }

    func addresses(_ host: String) async throws(ResolverError) -> [String] {
        await counter.add()
        return ["192.0.2.9"]
    }
}
