import Resolver
import Testing

/// DNSSEC: what is signed, what is not, and what is forged.
@Suite struct ValidationTests {
    private typealias Question = NameServer.Question

    private let zone = SignedZone("signed.example")

    private func server(_ table: [NameServer.Question: NameServer.Reply]) throws -> NameServer {
        var table = table
        table[Question(name: zone.name, type: 48)] = zone.keyReply
        return try NameServer(table)
    }

    private func resolver(
        _ server: NameServer,
        trust: UnboundResolver.Trust? = nil
    ) throws -> UnboundResolver {
        let trust = trust ?? .anchors([zone.anchor])
        return try UnboundResolver(.init(server: "127.0.0.1", port: server.port, trust: trust))
    }

    @Test func `what is signed is secure`() async throws {
        let service = "_sip._tcp.signed.example"
        let target = RecordData.srv(1, 1, 5060, "a.signed.example")
        let pointer = RecordData.naptr(1, 1, "s", "SIP+D2T", service)
        let server = try server([
            Question(name: service, type: 33): zone.sign([target], of: service, type: 33),
            Question(name: zone.name, type: 35): zone.sign([pointer], of: zone.name, type: 35),
            Question(name: "a.other.example", type: 1): .records([[192, 0, 2, 1]]),
            Question(name: "a.other.example", type: 28): .noRecords,
        ])
        let resolver = try resolver(server)
        let services = try await resolver.srv(service)
        #expect(services.isSecure)
        #expect(services.records.map(\.target) == ["a.signed.example"])
        #expect(try await resolver.naptr(zone.name).isSecure)
        // Nobody vouches for what is beside the zone.
        #expect(try await !resolver.addresses("a.other.example").isSecure)
    }

    @Test func `addresses are secure when both families are`() async throws {
        let (host, v6) = ("a.signed.example", [UInt8](repeating: 0x20, count: 16))
        let server = try server([
            Question(name: host, type: 1): zone.sign([[192, 0, 2, 1]], of: host, type: 1),
            Question(name: host, type: 28): zone.sign([v6], of: host, type: 28),
        ])
        let resolver = try resolver(server)
        let answer = try await resolver.addresses(host)
        #expect(answer.isSecure)
        #expect(answer.records.count == 2)
    }

    @Test func `what is forged is bogus, and so is what has lost its signature`() async throws {
        let service = "_sip._tcp.signed.example"
        let (real, forged) = ([192, 0, 2, 1] as [UInt8], [192, 0, 2, 66] as [UInt8])
        let server = try server([
            Question(name: service, type: 33): .records([RecordData.srv(1, 1, 1, "evil.example")]),
            Question(name: "a.signed.example", type: 1): .signed(
                [forged],
                signature: zone.signature([real], "a.signed.example", 1)
            ),
            Question(name: "a.signed.example", type: 28): zone.sign(
                [[UInt8](repeating: 0x20, count: 16)],
                of: "a.signed.example",
                type: 28
            ),
        ])
        let resolver = try resolver(server)
        let lost = await #expect(throws: ResolverError.self) { try await resolver.srv(service) }
        #expect(lost == ResolverError(code: .bogus, name: service))
        #expect(lost?.description == "DNS: \(service): signatures do not hold")
        let error = await #expect(throws: ResolverError.self) {
            try await resolver.addresses("a.signed.example")
        }
        #expect(error?.code == .bogus)
    }

    @Test func `without an anchor nothing is secure and nothing bogus`() async throws {
        let service = "_sip._tcp.signed.example"
        let target = RecordData.srv(1, 1, 5060, "a.signed.example")
        let server = try server([
            Question(name: service, type: 33): zone.sign([target], of: service, type: 33)
        ])
        let resolver = try resolver(server, trust: .nobody)
        #expect(try await !resolver.srv(service).isSecure)
        #expect(!server.questions.contains { $0.type == 48 })
    }

    @Test func `says when the file of anchors cannot be read`() {
        let error = #expect(throws: UnboundResolver.SetupError.self) {
            try UnboundResolver(.init(trust: .file("/nowhere/root.key")))
        }
        #expect(error?.description.contains("/nowhere/root.key") == true)
    }
}
