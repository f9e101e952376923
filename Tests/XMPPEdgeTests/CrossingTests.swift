import BusContract
import NIOCore
import Testing
import XMPPEdge
import XMPPGrammar
import XMPPStreams
import XMPPTransport

/// What the edge does with stanzas that came in.
@Suite struct CrossingTests {
    private static let timeout = Failure(.timeout, "romeo's phone does not answer")

    /// Sends from a.example to b.example, whose translator answers so; what comes back to a.example's translator.
    private func exchange(
        _ make: (Server) -> Element,
        _ answer: @escaping (Delivery, ServiceName) -> Outcome?,
        _ configure: (inout XMPPEdgeConfiguration) -> Void = { _ in }
    ) async throws -> Element? {
        let dns = TestDNS()
        let a = try await Server.start("a.example", in: dns)
        let b = try await Server.start("b.example", in: dns, configure: configure, answer: answer)
        #expect(try await a.bus.send(make(a)) == .ok(nil))
        // Behind it comes something that is always answered, so that silence can be told from slowness.
        var last = a.message("last", to: "b.example")
        last["id"] = "last"
        _ = try await a.bus.send(last)
        let reply = await a.bus.next()?.stanza
        await a.stop()
        await b.stop()
        return reply
    }

    @Test func `a failure comes back as an error stanza`() async throws {
        let reply = try #require(
            try await exchange({ $0.message("Hark", to: "b.example") }) { _, _ in .failed(Self.timeout) }
        )
        #expect(reply["type"] == "error" && reply["id"] == "m-Hark")
        #expect(reply["to"] == "romeo@a.example/orchard" && reply["from"] == "juliet@b.example")
        let error = try #require(StanzaError(reply))
        #expect(error.condition == .remoteServerTimeout && error.type == .wait)
        #expect(error.text == "romeo's phone does not answer" && error.by == "b.example")
    }

    @Test(arguments: ["error", "headline"])
    func `nobody is told of what may not be answered`(_ type: String) async throws {
        let reply = try await exchange({ $0.message("Hark", to: "b.example", type: type) }) { _, _ in
            .failed(Self.timeout)
        }
        #expect(reply?["id"] == "last")
    }

    @Test func `what the translator has to say is said`() async throws {
        let reply = try await exchange({ $0.message("Hark", to: "b.example") }) { delivery, _ in
            guard case .stanzaArrival(let arrival) = delivery.payload else { return .ok(nil) }
            var answer = arrival.stanza
            (answer["from"], answer["to"]) = (answer["to"], answer["from"])
            return .ok(.stanza(answer))
        }
        #expect(reply?["from"] == "juliet@b.example" && reply?["type"] == "chat")
    }

    @Test func `a translator that has no room is told as a lack of resources`() async throws {
        let reply = try #require(
            try await exchange({ $0.message("Hark", to: "b.example") }) { _, _ in
                .busy(retryAfter: .seconds(1))
            }
        )
        #expect(StanzaError(reply)?.condition == .resourceConstraint && StanzaError(reply)?.type == .wait)
    }

    @Test func `a redirect is followed`() async throws {
        let rooms = ServiceName("multiparty")
        let reply = try #require(
            try await exchange({ $0.message("Hark", to: "b.example") }) { _, service in
                service == rooms ? .failed(Self.timeout) : .redirect(rooms)
            }
        )
        #expect(StanzaError(reply)?.condition == .remoteServerTimeout)
    }

    @Test(arguments: [
        ("ping", Namespace.ping, nil as StanzaErrorCondition?), ("query", Namespace.discoInfo, nil),
        ("query", Namespace.discoItems, nil), ("query", Namespace.softwareVersion, .serviceUnavailable),
    ])
    func `requests to the domain are answered`(
        _ name: String,
        _ namespace: String,
        _ condition: StanzaErrorCondition?
    ) async throws {
        let dns = TestDNS()
        let b = try await Server.start("b.example", in: dns, security: .insecure)
        var request = Element("iq", Namespace.client, children: [.element(Element(name, namespace))])
        request["type"] = "get"
        request["id"] = "q1"
        request["from"] = "prober.example"
        request["to"] = "b.example"
        // Its client asks, its server is called back, and is where the answer goes.
        let server = ScriptedPeer.credulous()
        dns.set("prober.example", ports: try await server.listen())
        let client = ScriptedPeer.client(from: "prober.example", to: "b.example", sending: [request])
        let connection = try await client.connect(to: b.port)
        try await Server.loop.submit {
            _ = connection.write(ScriptedPeer.header(from: "prober.example", to: "b.example"))
        }.get()
        let reply = try #require(await server.element { $0.name == "iq" })
        #expect(reply["id"] == "q1" && reply["from"] == "b.example" && reply["to"] == "prober.example")
        #expect(StanzaError(reply)?.condition == condition)
        #expect(reply["type"] == (condition == nil ? "result" : "error"))
        if namespace == Namespace.discoInfo {
            let identity = reply.first("query")?.first("identity")
            #expect(identity?["category"] == "gateway" && identity?["type"] == "sip")
        }
        await server.close()
        await b.stop()
    }

    @Test(arguments: ["juliet@b.example", "juliet@b.example/sip"])
    func `a question about a user's software goes to its translator`(_ user: String) async throws {
        let dns = TestDNS()
        let b = try await Server.start(
            "b.example",
            in: dns,
            security: .insecure,
            answer: { $1 == ServiceName("software-version") ? .failed(Self.timeout) : .ok(nil) }
        )
        let query = Element("query", Namespace.softwareVersion)
        var request = Element("iq", Namespace.client, children: [.element(query)])
        request["type"] = "get"
        request["id"] = "q1"
        request["from"] = "romeo@prober.example/orchard"
        request["to"] = user
        let server = ScriptedPeer.credulous()
        dns.set("prober.example", ports: try await server.listen())
        let client = ScriptedPeer.client(from: "prober.example", to: "b.example", sending: [request])
        let connection = try await client.connect(to: b.port)
        try await Server.loop.submit {
            _ = connection.write(ScriptedPeer.header(from: "prober.example", to: "b.example"))
        }.get()
        let reply = try #require(await server.element { $0.name == "iq" })
        #expect(reply["id"] == "q1" && reply["from"] == user && reply["type"] == "error")
        #expect(StanzaError(reply)?.condition == .remoteServerTimeout)
        await server.close()
        await b.stop()
    }

    @Test func `a full bus stops the reading, and nothing is lost`() async throws {
        let dns = TestDNS()
        let a = try await Server.start("a.example", in: dns)
        let b = try await Server.start("b.example", in: dns, window: 5, answer: { _, _ in nil })
        let numbers = (0..<40).map { "\($0)" }
        _ = try await a.bus.send(numbers.map { a.message($0, to: "b.example") })
        var bodies: [String] = []
        for await delivery in b.bus.deliveries {
            guard case .stanzaArrival(let arrival) = delivery.payload else { continue }
            bodies.append(arrival.stanza.first("body")?.text ?? "")
            if bodies.count.isMultiple(of: 5) { try await b.bus.release(.ok(nil)) }
            if bodies.count == 40 { break }
        }
        #expect(bodies == numbers)
        await a.stop()
        await b.stop()
    }

    @Test func `who sends too fast is read more slowly, and loses nothing`() async throws {
        let dns = TestDNS()
        let a = try await Server.start("a.example", in: dns)
        let b = try await Server.start("b.example", in: dns, configure: { $0.perPeerRate = 200 })
        let numbers = (0..<260).map { "\($0)" }
        _ = try await a.bus.send(numbers.map { a.message($0, to: "b.example") })
        var bodies: [String] = []
        while bodies.count < numbers.count, let arrival = await b.bus.next() {
            bodies.append(arrival.stanza.first("body")?.text ?? "")
        }
        #expect(bodies == numbers)
        await a.stop()
        await b.stop()
    }

    @Test func `parties are named in plain text, whoever speaks`() async throws {
        let dns = TestDNS()
        let a = try await Server.start("a.example", in: dns)
        let b = try await Server.start("b.example", in: dns)
        _ = try await a.bus.send(a.message("Hark", to: "b.example", from: "d\\27artagnan"))
        let delivery = try #require(await b.bus.deliveries.first { _ in true })
        let expected = ConversationKey(
            between: .init(user: "juliet", host: "b.example"),
            and: .init(user: "d'artagnan", host: "a.example")
        )
        #expect(delivery.key == expected)
        await a.stop()
        await b.stop()
    }
}
