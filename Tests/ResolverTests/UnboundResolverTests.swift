import Resolver
import Testing

/// The resolver against a name server on loopback: real packets, answers of every kind.
@Suite struct UnboundResolverTests {
    private func resolver(
        _ server: NameServer,
        timeout: Duration = .seconds(5),
        most: Int = 4096
    ) throws -> UnboundResolver {
        let configuration = UnboundResolver.Configuration(
            server: "127.0.0.1",
            port: server.port,
            timeout: timeout,
            mostOutstanding: most
        )
        return try UnboundResolver(configuration)
    }

    private typealias Question = NameServer.Question

    @Test func `reads the SRV records of a domain`() async throws {
        let name = "_xmpp-server._tcp.wonder.example"
        let server = try NameServer([
            Question(name: name, type: 33): .records([
                RecordData.srv(10, 60, 5269, "XMPP1.wonder.example"),
                RecordData.srv(20, 0, 5270, "xmpp2.wonder.example"),
            ])
        ])
        let found = try await resolver(server).srv(name).records
        #expect(
            Set(found) == [
                SRVRecord(priority: 10, weight: 60, port: 5269, target: "xmpp1.wonder.example"),
                SRVRecord(priority: 20, weight: 0, port: 5270, target: "xmpp2.wonder.example"),
            ]
        )
    }

    @Test func `keeps a target of a single dot`() async throws {
        let server = try NameServer([
            Question(name: "_sip._udp.wonder.example", type: 33): .records([RecordData.srv(0, 0, 0, "")])
        ])
        let found = try await resolver(server).srv("_sip._udp.wonder.example").records
        #expect(found == [SRVRecord(priority: 0, weight: 0, port: 0, target: ".")])
    }

    @Test func `a missing name and a missing record are both no service`() async throws {
        let server = try NameServer([Question(name: "_sip._udp.wonder.example", type: 33): .noRecords])
        let resolver = try resolver(server)
        #expect(try await resolver.srv("_sip._udp.wonder.example").records.isEmpty)
        #expect(try await resolver.srv("_sip._tcp.wonder.example").records.isEmpty)
    }

    @Test func `finds the addresses of both families, in turn and IPv6 first`() async throws {
        let address: [UInt8] = [0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
        let server = try NameServer([
            Question(name: "xmpp1.wonder.example", type: 1): .records([[192, 0, 2, 7], [192, 0, 2, 8]]),
            Question(name: "xmpp1.wonder.example", type: 28): .records([address]),
        ])
        let resolver = try resolver(server)
        for name in ["xmpp1.wonder.example", "XMPP1.Wonder.Example."] {
            let found = Set(try await resolver.addresses(name).records)
            #expect(found == ["2001:db8::1", "192.0.2.7", "192.0.2.8"])
            #expect(try await resolver.addresses(name).records.first == "2001:db8::1")
        }
    }

    @Test func `one family is enough, even when the other fails`() async throws {
        let server = try NameServer([
            Question(name: "a.example", type: 1): .records([[192, 0, 2, 7]]),
            Question(name: "a.example", type: 28): .serverFailure,
        ])
        #expect(try await resolver(server).addresses("a.example").records == ["192.0.2.7"])
    }

    @Test func `tells a missing name, a missing record and a failing server apart`() async throws {
        let server = try NameServer([
            Question(name: "bare.example", type: 1): .noRecords,
            Question(name: "bare.example", type: 28): .noRecords,
            Question(name: "broken.example", type: 1): .serverFailure,
            Question(name: "broken.example", type: 28): .serverFailure,
            Question(name: "_sip._udp.broken.example", type: 33): .serverFailure,
        ])
        let resolver = try resolver(server)
        let missing = await #expect(throws: ResolverError.self) { try await resolver.addresses("no.example") }
        #expect(missing == ResolverError(code: .notFound, name: "no.example", detail: .noSuchName))
        let bare = await #expect(throws: ResolverError.self) { try await resolver.addresses("bare.example") }
        #expect(bare == ResolverError(code: .notFound, name: "bare.example", detail: .noSuchRecord))
        let broken = await #expect(throws: ResolverError.self) {
            try await resolver.addresses("broken.example")
        }
        #expect(broken?.code == .failed)
        #expect(broken?.detail == .serverFailure(code: 2))
        #expect(broken?.description == "DNS: broken.example: SERVFAIL")
        await #expect(throws: ResolverError(code: .failed, name: "_sip._udp.broken.example")) {
            try await resolver.srv("_sip._udp.broken.example")
        }
    }

    @Test func `gives a silent server up after the time allowed`() async throws {
        let server = try NameServer([
            Question(name: "slow.example", type: 1): .silence,
            Question(name: "slow.example", type: 28): .silence,
            Question(name: "_sip._udp.slow.example", type: 33): .silence,
        ])
        let resolver = try resolver(server, timeout: .milliseconds(100))
        let before = ContinuousClock.now
        let error = await #expect(throws: ResolverError.self) { try await resolver.addresses("slow.example") }
        #expect(error?.code == .timeout)
        #expect(before.duration(to: .now) >= .milliseconds(100))
        await #expect(throws: ResolverError(code: .timeout, name: "_sip._udp.slow.example")) {
            try await resolver.srv("_sip._udp.slow.example")
        }
    }

    @Test func `survives answers that are no DNS messages`() async throws {
        let server = try NameServer([
            Question(name: "liar.example", type: 33): .garbage([0x81, 0x80, 0, 1, 0xFF, 0xFF, 0, 0, 0, 0, 7])
        ])
        let resolver = try resolver(server, timeout: .milliseconds(200))
        let error = await #expect(throws: ResolverError.self) { try await resolver.srv("liar.example") }
        #expect(error?.code == .timeout || error?.code == .failed)
    }

    @Test func `passes over records whose data does not hold together`() async throws {
        let name = "_sip._tcp.wonder.example"
        let server = try NameServer([
            Question(name: name, type: 33): .records([
                RecordData.srv(1, 1, 5060, "spa ce.example"),
                RecordData.srv(1, 1, 5060, "good.example"),
            ])
        ])
        #expect(try await resolver(server).srv(name).records.map(\.target) == ["good.example"])
    }

    @Test func `an enormous answer is cut to what is reasonable`() async throws {
        let name = "_sip._udp.many.example"
        let records = (0..<100).map { RecordData.srv(1, 1, UInt16($0), "a") }
        let server = try NameServer([Question(name: name, type: 33): .records(records)])
        #expect(try await resolver(server).srv(name).records.count == 64)
    }

    @Test func `answers from the cache while the record lives`() async throws {
        let server = try NameServer([
            Question(name: "_sip._udp.wonder.example", type: 33): .records([
                RecordData.srv(1, 2, 3, "a.example")
            ])
        ])
        let resolver = try resolver(server)
        let first = try await resolver.srv("_sip._udp.wonder.example").records
        let second = try await resolver.srv("_sip._udp.WONDER.example").records
        #expect(first == second)
        #expect(server.questions.count { $0.type == 33 } == 1)
    }

    @Test(arguments: ["192.0.2.1", "2001:db8::7", "::1"])
    func `an address stays as it is`(address: String) async throws {
        let server = try NameServer([:])
        #expect(try await resolver(server).addresses(address).records == [address])
        #expect(server.questions.isEmpty)
    }

    @Test func `knows localhost without asking`() async throws {
        let server = try NameServer([:])
        #expect(try await resolver(server).addresses("localhost").records.contains("127.0.0.1"))
        #expect(server.questions.isEmpty)
    }

    @Test func `asks for names of laboratories too`() async throws {
        let server = try NameServer([Question(name: "prosody.test", type: 1): .records([[127, 0, 0, 9]])])
        #expect(try await resolver(server).addresses("prosody.test").records == ["127.0.0.9"])
    }

    @Test(arguments: [
        "", ".", "a..b", ".a", "a b.example", "tschüss.example", "a\0.example", "a/b", "a\n",
        String(repeating: "a", count: 64) + ".example",
        Array(repeating: "abcdefg", count: 33).joined(separator: "."),
    ])
    func `what cannot be a name is not asked for`(name: String) async throws {
        let server = try NameServer([:])
        let resolver = try resolver(server)
        let error = await #expect(throws: ResolverError.self) { try await resolver.addresses(name) }
        #expect(error == ResolverError(code: .notFound, name: name, detail: .malformedName))
        #expect(server.questions.isEmpty)
    }

    @Test func `refuses questions beyond its bound`() async throws {
        let server = try NameServer([Question(name: "slow.example", type: 33): .silence])
        let resolver = try resolver(server, timeout: .milliseconds(200), most: 0)
        await #expect(throws: ResolverError(code: .failed, name: "slow.example", detail: .overloaded)) {
            try await resolver.srv("slow.example")
        }
    }

    @Test func `answers what is outstanding when it shuts down, and nothing after`() async throws {
        let server = try NameServer([Question(name: "slow.example", type: 33): .silence])
        let resolver = try resolver(server, timeout: .seconds(60))
        let asking = Task { try await resolver.srv("slow.example") }
        for await _ in server.arrivals { break }
        resolver.shutdown()
        let closed = ResolverError(code: .failed, name: "slow.example", detail: .closed)
        await #expect(throws: closed) { try await asking.value }
        await #expect(throws: closed) { try await resolver.srv("slow.example") }
    }

    @Test func `many at once are all answered`() async throws {
        let table = (0..<200).map { index in
            (
                Question(name: "host\(index).example", type: 1),
                NameServer.Reply.records([[10, 0, 0, UInt8(index)]])
            )
        }
        let server = try NameServer(Dictionary(uniqueKeysWithValues: table))
        let resolver = try resolver(server)
        let found = await withTaskGroup(of: [String].self) { group in
            for index in 0..<200 {
                group.addTask { (try? await resolver.addresses("host\(index).example").records) ?? [] }
            }
            return await group.reduce(into: Set<String>()) { $0.formUnion($1) }
        }
        #expect(found.count == 200)
    }

    @Test func `says what is wrong with the server's address`() {
        let error = #expect(throws: UnboundResolver.SetupError.self) {
            try UnboundResolver(.init(server: "not an address"))
        }
        #expect(error?.description.contains("dns.server") == true)
    }
}
