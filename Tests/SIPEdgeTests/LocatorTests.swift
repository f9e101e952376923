import NIOCore
import NIOEmbedded
import NIOPosix
import Resolver
import SIPEdge
import SIPGrammar
import SIPTransport
import Synchronization
import Testing

/// The procedure carried to a DNS, and what is remembered of its answers.
@Suite(.timeLimit(.minutes(1)))
struct LocatorTests {
    private let loop = NIOAsyncTestingEventLoop()

    private func locate(_ uri: String, _ locator: Locator) async throws -> Result<NextHops, LocationFailure> {
        let target = try #require(SIPURI(uri))
        let promise = loop.makePromise(of: Result<NextHops, LocationFailure>.self)
        try await loop.executeInContext { locator.locate(target) { promise.succeed($0) } }
        return try await promise.futureResult.get()
    }

    private func isFound(_ uri: String, _ locator: Locator) async throws -> Bool {
        switch try await locate(uri, locator) {
        case .success(let hops): !hops.hops.isEmpty
        case .failure: false
        }
    }

    @Test func `asks the DNS, step by step`() async throws {
        let dns = CountingResolver(
            StaticResolver(
                services: [
                    "_sips._tcp.elsewhere.example": [
                        SRVRecord(priority: 1, weight: 0, port: 5071, target: "a.example")
                    ]
                ],
                pointers: [
                    "b.example": [
                        NAPTRRecord(
                            order: 1,
                            preference: 1,
                            flags: "s",
                            services: "SIPS+D2T",
                            replacement: "_sips._tcp.elsewhere.example"
                        )
                    ]
                ],
                hosts: ["a.example": ["2001:db8::1", "192.0.2.1"]]
            )
        )
        let hops = try await locate("sip:x@b.example", Locator(loop: loop, resolver: dns)).get()
        #expect(
            hops.hops.flatMap(\.targets).map(\.description) == [
                "tls:[2001:db8::1]:5071", "tls:192.0.2.1:5071",
            ]
        )
        #expect(hops.hops.map(\.name) == ["b.example"])
        #expect(dns.asked == ["b.example", "_sips._tcp.elsewhere.example", "a.example"])
    }

    @Test func `needs no DNS for an address`() async throws {
        let dns = CountingResolver(StaticResolver())
        #expect(try await isFound("sip:192.0.2.1", Locator(loop: loop, resolver: dns)))
        #expect(dns.asked.isEmpty)
    }

    @Test func `asks once for many who ask together`() async throws {
        let dns = CountingResolver(StaticResolver(hosts: ["bare.example": ["192.0.2.9"]]))
        let locator = Locator(loop: loop, resolver: dns)
        let uri = try #require(SIPURI("sip:a@bare.example:5060"))
        for _ in 0..<2 {
            let promises = (0..<20).map { _ in loop.makePromise(of: Bool.self) }
            try await loop.executeInContext {
                for promise in promises {
                    locator.locate(uri) { result in promise.succeed((try? result.get()) != nil) }
                }
            }
            for promise in promises { #expect(try await promise.futureResult.get()) }
        }
        #expect(dns.asked.count == 1)
    }

    @Test(arguments: [(40, 40), (86_400, 3_600)] as [(Int, Int64)])
    func `remembers for as long as the DNS says, an hour at most`(_ lives: Int, _ kept: Int64) async throws {
        var table = StaticResolver(hosts: ["bare.example": ["192.0.2.9"]])
        table.timeToLive = .seconds(lives)
        let dns = CountingResolver(table)
        let locator = Locator(loop: loop, resolver: dns)
        #expect(try await isFound("sip:bare.example:5060", locator))
        await loop.advanceTime(by: .seconds(kept - 1))
        #expect(try await isFound("sip:someone.else@bare.example:5060;lr", locator))
        #expect(dns.asked.count == 1)
        await loop.advanceTime(by: .seconds(1))
        #expect(try await isFound("sip:bare.example:5060", locator))
        #expect(dns.asked.count == 2)
    }

    @Test func `remembers for a minute what there is not, and not at all what could not be asked`()
        async throws
    {
        let dns = CountingResolver(StaticResolver(failures: ["slow.example": .timeout]))
        let locator = Locator(loop: loop, resolver: dns)
        for (expected, uri) in [(1, "sip:no.example:1"), (1, "sip:no.example:1"), (2, "sip:slow.example:1")] {
            #expect(try await !isFound(uri, locator))
            #expect(dns.asked.count == expected)
        }
        #expect(try await !isFound("sip:slow.example:1", locator))
        #expect(dns.asked.count == 3)
        await loop.advanceTime(by: .seconds(60))
        #expect(try await !isFound("sip:no.example:1", locator))
        #expect(dns.asked.count == 4)
    }

    @Test func `does not remember what lives no longer than its question`() async throws {
        var table = StaticResolver(hosts: ["bare.example": ["192.0.2.9"]])
        table.timeToLive = .zero
        let dns = CountingResolver(table)
        let locator = Locator(loop: loop, resolver: dns)
        for count in 1...3 {
            #expect(try await isFound("sip:bare.example:5060", locator))
            #expect(dns.asked.count == count)
        }
    }

    @Test func `forgets when it is told to`() async throws {
        let dns = CountingResolver(StaticResolver(hosts: ["bare.example": ["192.0.2.9"]]))
        let locator = Locator(loop: loop, resolver: dns)
        #expect(try await isFound("sip:bare.example:5060", locator))
        try await loop.executeInContext { locator.forget() }
        #expect(try await isFound("sip:bare.example:5060", locator))
        #expect(dns.asked.count == 2)
    }
}

/// Notes what was asked.
private final class CountingResolver: Resolving {
    private let table: StaticResolver
    private let names = Mutex<[String]>([])

    init(_ table: StaticResolver) {
        self.table = table
    }

    var asked: [String] { names.withLock { $0 } }

    private func note(_ name: String) { names.withLock { $0.append(name) } }

    func srv(_ name: String) async throws(ResolverError) -> ResolverAnswer<SRVRecord> {
        note(name)
        return try await table.srv(name)
    }

    func naptr(_ name: String) async throws(ResolverError) -> ResolverAnswer<NAPTRRecord> {
        note(name)
        return try await table.naptr(name)
    }

    func tlsa(_ name: String) async throws(ResolverError) -> ResolverAnswer<TLSARecord> {
        try await table.tlsa(name)
    }

    func addresses(_ host: String) async throws(ResolverError) -> ResolverAnswer<String> {
        note(host)
        return try await table.addresses(host)
    }
}
