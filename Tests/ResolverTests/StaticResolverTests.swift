import Resolver
import Testing

@Suite struct StaticResolverTests {
    private let resolver: any Resolving = StaticResolver(
        services: [
            "_sip._udp.a.example": [SRVRecord(priority: 1, weight: 2, port: 5060, target: "b.example")]
        ],
        hosts: ["b.example": ["192.0.2.1"]],
        failures: ["slow.example": .timeout]
    )

    @Test func `answers from its table`() async throws {
        #expect(try await resolver.srv("_sip._udp.a.example").records.map(\.target) == ["b.example"])
        #expect(try await resolver.addresses("b.example").records == ["192.0.2.1"])
        #expect(try await resolver.addresses("::1").records == ["::1"])
    }

    @Test func `what it does not list does not exist`() async throws {
        #expect(try await resolver.srv("_sip._tcp.a.example").records.isEmpty)
        await #expect(throws: ResolverError(code: .notFound, name: "c.example")) {
            try await resolver.addresses("c.example")
        }
    }

    @Test func `fails as told`() async {
        await #expect(throws: ResolverError(code: .timeout, name: "slow.example")) {
            try await resolver.srv("slow.example")
        }
    }
}
