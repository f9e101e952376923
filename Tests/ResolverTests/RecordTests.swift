import Resolver
import Testing

/// Records of further types, and what answers say of themselves, against a name server on loopback.
@Suite struct RecordTests {
    private typealias Question = NameServer.Question

    private func resolver(_ server: NameServer) throws -> UnboundResolver {
        try UnboundResolver(.init(server: "127.0.0.1", port: server.port))
    }

    /// The records of RFC 3263 section 4.1.
    @Test func `reads the NAPTR records of a domain`() async throws {
        let server = try NameServer([
            Question(name: "example.com", type: 35): .records([
                RecordData.naptr(100, 50, "s", "SIP+D2U", "_sip._udp.example.com"),
                RecordData.naptr(50, 50, "S", "sips+d2t", "_sips._tcp.Example.com"),
                RecordData.naptr(90, 50, "s", "SIP+D2T", "_sip._tcp.example.com"),
                RecordData.naptr(10, 10, "u", "E2U+sip", "", regexp: "!^.*$!sip:ö@example.com!"),
            ])
        ])
        let found = try await resolver(server).naptr("example.com").records
        #expect(
            NAPTRRecord.ordered(found) == [
                NAPTRRecord(
                    order: 10,
                    preference: 10,
                    flags: "u",
                    services: "E2U+SIP",
                    regexp: "!^.*$!sip:ö@example.com!",
                    replacement: "."
                ),
                pointer(50, "SIPS+D2T", "_sips._tcp.example.com"),
                pointer(90, "SIP+D2T", "_sip._tcp.example.com"),
                pointer(100, "SIP+D2U", "_sip._udp.example.com"),
            ]
        )
    }

    private func pointer(_ order: Int, _ services: String, _ replacement: String) -> NAPTRRecord {
        NAPTRRecord(order: order, preference: 50, flags: "s", services: services, replacement: replacement)
    }

    @Test func `within one order the lower preference comes first`() {
        let records = [(1, 9), (1, 3), (0, 99), (1, 3)].enumerated().map { index, place in
            NAPTRRecord(
                order: place.0,
                preference: place.1,
                flags: "s",
                services: "\(index)",
                replacement: "a"
            )
        }
        #expect(NAPTRRecord.ordered(records).map(\.services) == ["2", "1", "3", "0"])
    }

    @Test(
        arguments: [
            // Nothing, half a number, no strings, a string and a name that are longer than the data.
            [], [0], [0, 1, 0, 2], [0, 1, 0, 2, 1], [0, 1, 0, 2, 255, 115, 0, 0, 0],
            [0, 1, 0, 2, 1, 115, 0, 0, 9, 97], [0, 1, 0, 2, 1, 115, 0, 0],
            // Behind the name comes more; strings that are not text.
            [0, 1, 0, 2, 1, 115, 0, 0, 1, 97, 0, 7],
            [0, 1, 0, 2, 1, 0xFF, 0, 0, 1, 97, 0], [0, 1, 0, 2, 2, 0xC3, 0xA4, 0, 0, 1, 97, 0],
        ] as [[UInt8]]
    )
    func `passes over NAPTR records whose data does not hold together`(_ data: [UInt8]) async throws {
        let good = RecordData.naptr(1, 1, "s", "SIP+D2U", "a.example")
        let server = try NameServer([Question(name: "b.example", type: 35): .records([good, data])])
        // libunbound itself refuses some of them, and the whole answer with them.
        let found = try? await resolver(server).naptr("b.example").records
        #expect(found.map { $0.map(\.replacement) } ?? ["a.example"] == ["a.example"])
    }

    @Test func `reads TLSA records, digests of the right length only`() async throws {
        let digest = (0..<32).map { UInt8($0) }
        let server = try NameServer([
            Question(name: "_5269._tcp.a.example", type: 52): .records([
                [3, 1, 1] + digest, [3, 1, 1] + digest.dropLast(), [2, 0, 2] + digest, [0, 0, 0, 9],
                [3, 0, 0],
            ])
        ])
        let found = try await resolver(server).tlsa("_5269._tcp.a.example").records
        #expect(
            Set(found) == [
                TLSARecord(usage: 3, selector: 1, matching: 1, association: digest),
                TLSARecord(usage: 0, selector: 0, matching: 0, association: [9]),
            ]
        )
    }

    @Test func `a domain without such records has none`() async throws {
        let server = try NameServer([Question(name: "a.example", type: 35): .noRecords])
        let resolver = try resolver(server)
        #expect(try await resolver.naptr("a.example").records.isEmpty)
        #expect(try await resolver.naptr("b.example").records.isEmpty)
        #expect(try await resolver.tlsa("_5269._tcp.a.example").records.isEmpty)
    }

    @Test func `follows aliases`() async throws {
        let server = try NameServer([
            Question(name: "www.example", type: 1): .alias("host.example", [[192, 0, 2, 7]]),
            Question(name: "www.example", type: 28): .alias("host.example", []),
            Question(name: "host.example", type: 1): .records([[192, 0, 2, 7]]),
            Question(name: "host.example", type: 28): .noRecords,
        ])
        #expect(try await resolver(server).addresses("www.example").records == ["192.0.2.7"])
    }

    @Test(arguments: [(7, 1...7), (86_400, 3_000...3_600)] as [(UInt32, ClosedRange<Int>)])
    func `says how long an answer lives, an hour at most`(
        _ lives: UInt32,
        _ expected: ClosedRange<Int>
    )
        async throws
    {
        let server = try NameServer(
            [Question(name: "a.example", type: 1): .records([[192, 0, 2, 7]])],
            timeToLive: lives
        )
        // AAAA is denied, for a minute.
        let answer = try await resolver(server).addresses("a.example")
        #expect(answer.timeToLive >= .seconds(min(60, expected.lowerBound)))
        #expect(answer.timeToLive <= .seconds(min(60, expected.upperBound)))
        let name = "_sip._udp.a.example"
        let other = try NameServer(
            [Question(name: name, type: 33): .records([RecordData.srv(1, 1, 1, "a.example")])],
            timeToLive: lives
        )
        let seconds = Int(try await resolver(other).srv(name).timeToLive.components.seconds)
        #expect(expected.contains(seconds))
    }
}
