import NIOCore
import Resolver
import SIPEdge
import SIPGrammar
import SIPTransport
import TestKit
import Testing

/// RFC 3263 section 4, branch by branch, without a DNS.
struct LocatingProcedureTests {
    /// What the DNS holds: `name → records`, in the spelling of ``Zone``.
    private static let zone = Zone([
        // The example of RFC 3263 section 4.1.
        "example.com": [
            .naptr(50, "SIPS+D2T", "_sips._tcp.example.com"), .naptr(90, "SIP+D2T", "_sip._tcp.example.com"),
            .naptr(100, "SIP+D2U", "_sip._udp.example.com"),
        ],
        "_sips._tcp.example.com": [.srv(0, 1, 5061, "server1.example.com")],
        "_sip._tcp.example.com": [
            .srv(0, 1, 5060, "server1.example.com"), .srv(1, 2, 5060, "server2.example.com"),
        ],
        "_sip._udp.example.com": [.srv(0, 1, 5070, "server1.example.com")],
        "server1.example.com": [.address("2001:db8::1"), .address("192.0.2.1")],
        "server2.example.com": [.address("192.0.2.2")],
        // Pointers to elsewhere, and pointers that are not for us.
        "hosted.example": [
            .naptr(5, "E2U+SIP", "_sip._udp.evil.example"), .naptr(6, "SIP+D2S", "_sip._sctp.big.example"),
            .naptr(7, "SIP+D2T", "_sip._tcp.evil.example", flags: "a"),
            .naptr(7, "SIP+D2T", ".", flags: "s"), .naptr(10, "SIP+D2T", "_sip._tcp.big.example"),
            .naptr(9, "SIP+D2W", "_sip._ws.big.example"),
        ],
        "_sip._tcp.big.example": [.srv(1, 0, 5080, "a.big.example")],
        "a.big.example": [.address("192.0.2.30")],
        // Pointers to nothing.
        "vague.example": [
            .naptr(1, "SIPS+D2T", "_sips._tcp.vague.example"),
            .naptr(2, "SIP+D2U", "_sip._udp.vague.example"),
            .address("192.0.2.40"),
        ],
        // SRV records without pointers.
        "_sip._udp.plain.example": [.srv(10, 0, 5060, "server1.example.com")],
        "_sip._tcp.plain.example": [.srv(10, 0, 5062, "server2.example.com")],
        "_sips._tcp.plain.example": [.srv(10, 0, 5063, "server2.example.com")],
        "_sip._udp.udp.example": [.srv(1, 0, 5064, "server2.example.com")],
        "_sips._tcp.tls.example": [.srv(1, 0, 5065, "server2.example.com")],
        "_sip._udp.nottcp.example": [.srv(1, 0, 5064, "server2.example.com")],
        "_sip._tcp.nottcp.example": [.srv(0, 0, 0, ".")],
        "_sip._udp.none.example": [.srv(0, 0, 0, ".")], "none.example": [.address("192.0.2.1")],
        "_sip._udp.halfgone.example": [
            .srv(1, 0, 5060, "gone.example"), .srv(2, 0, 5060, "server2.example.com"),
        ],
        "_sip._udp.gone.example": [.srv(1, 0, 5060, "gone.example")],
        // A host and nothing more.
        "bare.example": [.address("2001:db8::9"), .address("192.0.2.9")],
        // Failures.
        "bad.example": [.failure(.failed)],
        "_sip._udp.bad.example": [.srv(1, 0, 5060, "server2.example.com")],
        "forged.example": [.failure(.bogus)], "_sip._tcp.forged2.example": [.failure(.bogus)],
        "_sip._udp.forged2.example": [.srv(1, 0, 5060, "server2.example.com")],
        "_sip._udp.half.example": [.failure(.timeout)],
        "_sip._tcp.half.example": [.srv(1, 0, 5060, "server2.example.com")],
        "_sip._udp.slow.example": [.failure(.timeout)], "slow.example": [.address("192.0.2.1")],
        "_sip._udp.liar.example": [
            .srv(1, 0, 5060, "forged.host.example"), .srv(2, 0, 5060, "server2.example.com"),
        ],
        "forged.host.example": [.failure(.bogus)],
        "_sip._udp.liars.example": [.srv(1, 0, 5060, "forged.host.example")],
    ])

    @Test(arguments: [
        // Numeric hosts: the transport of the URI, else UDP; its port, else the transport's.
        ("sip:a@192.0.2.7", "udp 192.0.2.7:5060 | tcp? 192.0.2.7:5060"),
        ("sip:a@192.0.2.7:5070", "udp 192.0.2.7:5070 | tcp? 192.0.2.7:5070"),
        ("sip:a@192.0.2.7:5070;transport=udp", "udp 192.0.2.7:5070"),
        ("sip:a@[2001:db8::7];transport=TCP", "tcp [2001:db8::7]:5060"),
        ("sip:a@192.0.2.7;transport=tls", "tls 192.0.2.7:5061 as 192.0.2.7"),
        ("sips:a@192.0.2.7", "tls 192.0.2.7:5061 as 192.0.2.7"),
        ("sip:a@192.0.2.7;transport=ws", "ws 192.0.2.7:80"),
        ("sips:a@192.0.2.7;transport=ws", "wss 192.0.2.7:443 as 192.0.2.7"),
        // A port: addresses of the host, no SRV.
        (
            "sip:a@example.com:5099", "unknown"
        ),
        (
            "sip:a@bare.example:5099",
            "udp [2001:db8::9]:5099,192.0.2.9:5099 | tcp? [2001:db8::9]:5099,192.0.2.9:5099"
        ),
        ("sip:a@bare.example:5099;transport=tcp", "tcp [2001:db8::9]:5099,192.0.2.9:5099"),
        ("sips:a@bare.example:5099", "tls [2001:db8::9]:5099,192.0.2.9:5099 as bare.example"),
        // A transport: its SRV records, else addresses.
        ("sip:a@plain.example;transport=udp", "udp [2001:db8::1]:5060,192.0.2.1:5060"),
        ("sip:a@plain.example;transport=tcp", "tcp 192.0.2.2:5062"),
        ("sip:a@plain.example;transport=tls", "tls 192.0.2.2:5063 as plain.example"),
        ("sips:a@plain.example;transport=tcp", "tls 192.0.2.2:5063 as plain.example"),
        ("sip:a@bare.example;transport=tcp", "tcp [2001:db8::9]:5060,192.0.2.9:5060"),
        ("sip:a@bare.example;transport=tls", "tls [2001:db8::9]:5061,192.0.2.9:5061 as bare.example"),
        ("sip:a@bare.example;transport=wss", "wss [2001:db8::9]:443,192.0.2.9:443 as bare.example"),
        // Neither: the domain's pointers, in its order; the certificate is the domain's own (RFC 5922 section 7.3).
        (
            "sip:a@example.com",
            """
            tls [2001:db8::1]:5061,192.0.2.1:5061 as example.com | tcp [2001:db8::1]:5060,192.0.2.1:5060 \
            | tcp 192.0.2.2:5060 | udp [2001:db8::1]:5070,192.0.2.1:5070
            """
        ),
        ("sips:a@example.com", "tls [2001:db8::1]:5061,192.0.2.1:5061 as example.com"),
        ("sip:a@hosted.example", "tcp 192.0.2.30:5080"),
        ("sip:a@vague.example", "tls 192.0.2.40:5061 as vague.example | udp 192.0.2.40:5060"),
        // No pointers: what there is of SRV, in our order.
        (
            "sip:a@plain.example",
            """
            udp [2001:db8::1]:5060,192.0.2.1:5060 | tcp 192.0.2.2:5062 | tls 192.0.2.2:5063 as plain.example
            """
        ),
        ("sips:a@plain.example", "tls 192.0.2.2:5063 as plain.example"),
        ("sip:a@udp.example", "udp 192.0.2.2:5064 | tcp? 192.0.2.2:5064"),
        ("sip:a@tls.example", "tls 192.0.2.2:5065 as tls.example"),
        ("sip:a@nottcp.example", "udp 192.0.2.2:5064"),
        ("sip:a@halfgone.example", "udp 192.0.2.2:5060 | tcp? 192.0.2.2:5060"),
        // No SRV either: the domain as a host.
        (
            "sip:a@bare.example",
            "udp [2001:db8::9]:5060,192.0.2.9:5060 | tcp? [2001:db8::9]:5060,192.0.2.9:5060"
        ),
        ("sips:a@bare.example", "tls [2001:db8::9]:5061,192.0.2.9:5061 as bare.example"),
        // maddr leads elsewhere; the certificate is still the domain's.
        ("sip:a@plain.example;maddr=192.0.2.5;transport=tls", "tls 192.0.2.5:5061 as plain.example"),
        ("sips:a@bare.example;maddr=plain.example", "tls 192.0.2.2:5063 as bare.example"),
        ("sip:a@plain.example;maddr=1.2.3", "unknown"),
        // There is none.
        ("sip:a@nowhere.example", "unknown"), ("sip:a@none.example", "unknown"),
        ("sip:a@gone.example", "unknown"), ("sip:a@none.example;transport=udp", "unknown"),
        ("sip:a@192.0.2.1;transport=pigeon", "unsupported"),
        ("sips:a@bare.example;transport=udp", "unsupported"),
        // The DNS fails: pointers may be missed, services only while others are known.
        ("sip:a@bad.example", "udp 192.0.2.2:5060 | tcp? 192.0.2.2:5060"),
        ("sip:a@half.example", "tcp 192.0.2.2:5060"), ("sip:a@slow.example", "unresolved"),
        // Forgery is never passed over for something weaker, a forged host among others is.
        ("sip:a@forged.example", "bogus"), ("sip:a@forged2.example", "bogus"),
        ("sip:a@liar.example", "udp 192.0.2.2:5060 | tcp? 192.0.2.2:5060"), ("sip:a@liars.example", "bogus"),
    ])
    func `finds the servers of a URI`(_ uri: String, _ expected: String) throws {
        let uri = try #require(SIPURI(uri))
        #expect(Self.zone.locate(uri, by: Set(TransportProtocol.allCases)).text == expected)
    }

    @Test(arguments: [
        // The example's own client speaks TCP and UDP.
        (
            "sip:a@example.com",
            "tcp [2001:db8::1]:5060,192.0.2.1:5060 | tcp 192.0.2.2:5060 | udp [2001:db8::1]:5070,192.0.2.1:5070"
        ),
        ("sip:a@tls.example", "unknown"), ("sips:a@example.com", "unsupported"),
        ("sip:a@example.com;transport=tls", "unsupported"),
    ])
    func `passes over what it does not speak`(_ uri: String, _ expected: String) throws {
        let uri = try #require(SIPURI(uri))
        #expect(Self.zone.locate(uri, by: [.udp, .tcp]).text == expected)
    }

    @Test(
        arguments: [
            ("sip:a@192.0.2.1", [[]]), ("sip:a@bare.example:5060", [["A bare.example"]]),
            (
                "sip:a@plain.example;transport=tcp",
                [["SRV _sip._tcp.plain.example"], ["A server2.example.com"]]
            ),
            ("sip:a@bare.example;transport=ws", [["A bare.example"]]),
            (
                "sip:a@example.com",
                [
                    ["NAPTR example.com"],
                    [
                        "SRV _sips._tcp.example.com", "SRV _sip._tcp.example.com",
                        "SRV _sip._udp.example.com",
                    ],
                    ["A server1.example.com", "A server2.example.com"],
                ]
            ),
            (
                "sips:a@bare.example",
                [["NAPTR bare.example"], ["SRV _sips._tcp.bare.example"], ["A bare.example"]]
            ),
            (
                "sip:a@bare.example",
                [
                    ["NAPTR bare.example"],
                    [
                        "SRV _sip._udp.bare.example", "SRV _sip._tcp.bare.example",
                        "SRV _sips._tcp.bare.example",
                    ],
                    ["A bare.example"],
                ]
            ),
        ] as [(String, [[String]])]
    )
    func `asks for no more than it needs, and for all of that at one time`(
        _ uri: String,
        _ expected: [[String]]
    ) throws {
        let uri = try #require(SIPURI(uri))
        let asked = Self.zone.locate(uri, by: Set(TransportProtocol.allCases)).asked
        #expect(asked == expected.filter { !$0.isEmpty })
    }

    @Test func `keeps whether DNSSEC proves it, and the shortest life of all that was asked`() throws {
        let uri = try #require(SIPURI("sip:a@plain.example"))
        var zone = Self.zone
        zone.isSecure = true
        zone.lives = ["_sip._tcp.plain.example": 120]
        guard case .found(let location) = zone.locate(uri, by: [.udp, .tcp]).step else {
            return #expect(Bool(false), "not found")
        }
        #expect(location.isSecure)
        #expect(location.timeToLive == .seconds(120))
        zone.insecure = ["server2.example.com"]
        guard case .found(let other) = zone.locate(uri, by: [.udp, .tcp]).step else {
            return #expect(Bool(false), "not found")
        }
        #expect(!other.isSecure)
    }

    @Test func `draws the order of equals anew each time, by weight`() throws {
        let zone = Zone([
            "_sip._udp.a.example": [.srv(1, 75, 5060, "big.example"), .srv(1, 25, 5060, "small.example")],
            "big.example": [.address("192.0.2.1")], "small.example": [.address("192.0.2.2")],
        ])
        let uri = try #require(SIPURI("sip:a.example;transport=udp"))
        guard case .found(let location) = zone.locate(uri, by: [.udp]).step else {
            return #expect(Bool(false), "not found")
        }
        #expect(!location.isFixed)
        var generator = SplitMix64(seed: 5)
        let first = (0..<10_000).count { _ in
            location.hops(using: &generator).hops[0].addresses[0].ipAddress == "192.0.2.1"
        }
        #expect((7_300...7_700).contains(first))
    }

    @Test func `looks at no more than sixteen servers and eight addresses of each`() throws {
        var records: [String: [Zone.Record]] = ["_sip._udp.a.example": []]
        for number in 0..<64 {
            records["_sip._udp.a.example"]?.append(.srv(64 - number, 0, 5060, "h\(number).example"))
            records["h\(number).example"] = (1...20).map { .address("10.0.\(number).\($0)") }
        }
        let uri = try #require(SIPURI("sip:a.example;transport=udp"))
        guard case .found(let location) = Zone(records).locate(uri, by: [.udp]).step else {
            return #expect(Bool(false), "not found")
        }
        var generator = SplitMix64(seed: 5)
        let hops = location.hops(using: &generator).hops
        #expect(hops.map(\.addresses.count) == Array(repeating: 8, count: 16))
        #expect(hops[0].addresses[0].ipAddress == "10.0.63.1")
    }

    @Test func `survives answers that are missing or not what was asked for`() throws {
        for uri in ["sip:a@example.com", "sip:a@example.com:1", "sips:a@example.com;transport=tcp"] {
            let uri = try #require(SIPURI(uri))
            for wrong in [nil, .pointers(ResolverAnswer([])), .addresses(ResolverAnswer(["x", ""]))]
                as [LocatingReply?]
            {
                var procedure = LocatingProcedure(uri, transports: [.udp, .tcp, .tls])
                var step = procedure.begin()
                for _ in 0..<4 {
                    guard case .ask(let questions) = step else { break }
                    let replies = questions.compactMap { question in wrong.map { (question, $0) } }
                    step = procedure.handle(Dictionary(uniqueKeysWithValues: replies))
                }
                guard case .failed = step else {
                    #expect(Bool(false), "\(uri): \(step)")
                    continue
                }
            }
        }
    }
}

/// What a DNS holds, and a look at what the procedure makes of it.
struct Zone {
    enum Record {
        case naptr(Int, String, String, flags: String = "s")
        case srv(Int, Int, Int, String)
        case address(String)
        case failure(ResolverError.Code)
    }

    var records: [String: [Record]]
    var isSecure = false
    var insecure: Set<String> = []
    var lives: [String: Int] = [:]

    init(_ records: [String: [Record]]) {
        self.records = records
    }

    /// How it ended, and what was asked on the way.
    func locate(
        _ uri: SIPURI,
        by transports: Set<TransportProtocol>
    ) -> (step: LocatingProcedure.Step, asked: [[String]], text: String) {
        var procedure = LocatingProcedure(uri, transports: transports)
        var asked: [[String]] = []
        var step = procedure.begin()
        while case .ask(let questions) = step, asked.count < 9 {
            asked.append(questions.map { text($0) })
            step = procedure.handle(
                Dictionary(questions.map { ($0, reply($0)) }, uniquingKeysWith: { first, _ in first })
            )
        }
        return (step, asked, text(step))
    }

    private func reply(_ question: LocatingQuestion) -> LocatingReply {
        switch question {
        case .pointers(let name):
            answer(name) { record -> NAPTRRecord? in
                guard case .naptr(let order, let service, let target, let flags) = record else { return nil }
                return NAPTRRecord(
                    order: order,
                    preference: 50,
                    flags: flags,
                    services: service,
                    replacement: target
                )
            }.map { .pointers($0) } ?? failed(name)
        case .services(let name):
            answer(name) { record -> SRVRecord? in
                guard case .srv(let priority, let weight, let port, let target) = record else { return nil }
                return SRVRecord(priority: priority, weight: weight, port: port, target: target)
            }.map { .services($0) } ?? failed(name)
        case .addresses(let name):
            answer(name) { record -> String? in
                guard case .address(let text) = record else { return nil }
                return text
            }.map { $0.records.isEmpty ? failed(name) : .addresses($0) } ?? failed(name)
        }
    }

    /// Nil where the zone holds a failure.
    private func answer<Found>(_ name: String, _ read: (Record) -> Found?) -> ResolverAnswer<Found>? {
        let records = records[name] ?? []
        if case .failure? = records.first { return nil }
        return ResolverAnswer(
            records.compactMap(read),
            isSecure: isSecure && !insecure.contains(name),
            timeToLive: .seconds(lives[name] ?? 300)
        )
    }

    private func failed(_ name: String) -> LocatingReply {
        guard case .failure(let code)? = records[name]?.first else {
            return .failed(ResolverError(code: .notFound, name: name))
        }
        return .failed(ResolverError(code: code, name: name))
    }

    private func text(_ question: LocatingQuestion) -> String {
        switch question {
        case .pointers(let name): "NAPTR \(name)"
        case .services(let name): "SRV \(name)"
        case .addresses(let name): "A \(name)"
        }
    }

    private func text(_ step: LocatingProcedure.Step) -> String {
        switch step {
        case .ask: return "asks"
        case .failed(.notFound): return "unknown"
        case .failed(.unresolved): return "unresolved"
        case .failed(.unsupported): return "unsupported"
        case .failed(.bogus): return "bogus"
        case .found(let location):
            var generator = SplitMix64(seed: 1)
            return location.hops(using: &generator).hops.map { hop in
                let addresses = hop.targets.map { $0.description.drop { $0 != ":" }.dropFirst() }
                let name = hop.name.map { " as \($0)" } ?? ""
                return
                    "\(hop.transport.rawValue)\(hop.isGuess ? "?" : "") \(addresses.joined(separator: ","))\(name)"
            }.joined(separator: " | ")
        }
    }
}
