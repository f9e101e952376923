import BusContract
import MachineKit
import Resolver
import Testing
import TransportSecurity
import XMPPEdge
import XMPPGrammar
import XMPPStreams
import XMPPTransport

/// Two edges, each the other's peer, over real sockets.
@Suite struct FederationTests {
    @Test(arguments: [StreamSecurity.dialback, .insecure])
    func `a message crosses with the domain proven`(_ security: StreamSecurity) async throws {
        let dns = TestDNS()
        let a = try await Server.start("a.example", in: dns, security: security)
        let b = try await Server.start("b.example", in: dns, security: security)
        let message = a.message("Hark", to: "b.example")
        #expect(try await a.bus.send(message) == .ok(nil))
        let arrival = try #require(await b.bus.next())
        #expect(arrival.domain == "a.example")
        #expect(arrival.at == WallTime(milliseconds: 1_000))
        #expect(arrival.stanza == message)
        // And back, over streams of its own.
        #expect(try await b.bus.send(b.message("What?", to: "a.example")) == .ok(nil))
        #expect(await a.bus.next()?.stanza.first("body")?.text == "What?")
        await a.stop()
        await b.stop()
    }

    @Test func `certificates that are trusted make dialback unnecessary`() async throws {
        let dns = TestDNS()
        let identities = try ["a.example", "b.example"].map {
            try TLSIdentity.selfSigned(for: [$0], isTrusted: true)
        }
        let trust = try TLSTrust(identities.flatMap(\.certificates))
        let a = try await Server.start("a.example", in: dns, security: .required) {
            ($0.identity, $0.trust) = (identities[0], trust)
        }
        let b = try await Server.start("b.example", in: dns, security: .required) {
            ($0.identity, $0.trust) = (identities[1], trust)
        }
        // Nobody could call back.
        dns.set("a.example", records: [])
        #expect(try await a.bus.send(a.message("Hark", to: "b.example")) == .ok(nil))
        #expect(await b.bus.next()?.domain == "a.example")
        await a.stop()
        await b.stop()
    }

    @Test func `a certificate that is not trusted is not good enough where one is required`() async throws {
        let dns = TestDNS()
        let a = try await Server.start("a.example", in: dns, security: .required)
        let b = try await Server.start("b.example", in: dns, security: .dialback)
        let outcome = try await a.bus.send(a.message("Hark", to: "b.example"))
        #expect(outcome.reason == .insecure)
        // The other way a is believed neither: it shows what nobody signed.
        #expect(try await b.bus.send(b.message("Hark", to: "a.example")).reason == .unreachable)
        await a.stop()
        await b.stop()
    }

    @Test func `a server that calls itself another's domain is not believed`() async throws {
        let dns = TestDNS()
        let a = try await Server.start("a.example", in: dns)
        let b = try await Server.start("b.example", in: dns)
        // Asked by b, a knows no key made by the impostor.
        let impostor = try await Server.start("a.example", in: TestDNS()) {
            $0.routes = ["b.example": b.route]
        }
        let outcome = try await impostor.bus.send(impostor.message("Hark", to: "b.example"))
        #expect(outcome.reason == .forbidden)
        for server in [a, b, impostor] { await server.stop() }
    }

    @Test func `a replica answers for the keys of another that has the same secret`() async throws {
        let dns = TestDNS()
        let b = try await Server.start("b.example", in: dns)
        let sender = try await Server.start("a.example", in: dns) { $0.dialbackSecret = "shared by all" }
        // The DNS knows the other one: it is asked about a key that it never made.
        let asked = try await Server.start("a.example", in: dns) { $0.dialbackSecret = "shared by all" }
        #expect(try await sender.bus.send(sender.message("Hark", to: "b.example")) == .ok(nil))
        #expect(await b.bus.next()?.domain == "a.example")
        for server in [b, sender, asked] { await server.stop() }
    }

    @Test func `two hundred messages keep their order`() async throws {
        let dns = TestDNS()
        let a = try await Server.start("a.example", in: dns)
        let b = try await Server.start("b.example", in: dns)
        let numbers = (0..<200).map { "\($0)" }
        async let outcomes = a.bus.send(numbers.map { a.message($0, to: "b.example") })
        var bodies: [String] = []
        while bodies.count < 200, let arrival = await b.bus.next() {
            bodies.append(arrival.stanza.first("body")?.text ?? "")
        }
        #expect(bodies == numbers)
        #expect(try await outcomes.allSatisfy { $0 == .ok(nil) })
        await a.stop()
        await b.stop()
    }

    @Test func `all targets are tried, and the last failure told`() async throws {
        let dns = TestDNS()
        let a = try await Server.start("a.example", in: dns)
        let b = try await Server.start("b.example", in: dns)
        dns.set("b.example", ports: deadPort, b.port)
        #expect(try await a.bus.send(a.message("Hark", to: "b.example")) == .ok(nil))
        dns.set("c.example", ports: deadPort, deadPort)
        #expect(try await a.bus.send(a.message("Hark", to: "c.example")).reason == .unreachable)
        await a.stop()
        await b.stop()
    }

    @Test(arguments: [
        ("nowhere.example", Failure.Reason.domainNotFound), ("slow.example", .timeout),
        ("none.example", .domainNotFound),
        ("a.example", .domainNotFound),
    ])
    func `a domain that cannot be found is told as such`(
        _ domain: String,
        _ reason: Failure.Reason
    ) async throws {
        let dns = TestDNS()
        dns.set("none.example", records: [SRVRecord(priority: 0, weight: 0, port: 0, target: ".")])
        let a = try await Server.start("a.example", in: dns)
        #expect(try await a.bus.send(a.message("Hark", to: domain)).reason == reason)
        await a.stop()
    }

    @Test func `a server that returns is used again`() async throws {
        let dns = TestDNS()
        let a = try await Server.start("a.example", in: dns)
        let first = try await Server.start("b.example", in: dns)
        #expect(try await a.bus.send(a.message("one", to: "b.example")) == .ok(nil))
        await first.stop()
        #expect(try await a.bus.send(a.message("two", to: "b.example")).reason == .unreachable)
        let second = try await Server.start("b.example", in: dns)
        #expect(try await a.bus.send(a.message("three", to: "b.example")) == .ok(nil))
        #expect(await second.bus.next()?.stanza.first("body")?.text == "three")
        await a.stop()
        await second.stop()
    }

    @Test func `what is no stanza, or has no addresses, cannot be sent`() async throws {
        let a = try await Server.start("a.example", in: TestDNS())
        #expect(try await a.bus.send(payload: .opaque(type: "x", [])).reason == .unsupported)
        #expect(try await a.bus.send(Element("message", Namespace.client)).reason == .malformed)
        await a.stop()
    }

    @Test func `an edge that stops waits for what is in flight`() async throws {
        let dns = TestDNS()
        let a = try await Server.start("a.example", in: dns)
        let b = try await Server.start("b.example", in: dns, answer: { _, _ in nil })
        _ = try await a.bus.send(a.message("Hark", to: "b.example"))
        _ = await b.bus.next()
        async let stopped: Void = b.stop()
        try await b.bus.release(.failed(Failure(.forbidden, "no")))
        await stopped
        // The error was told before the streams were closed.
        #expect(await a.bus.next { $0["type"] == "error" } != nil)
        await a.stop()
    }
}

extension Server {
    var route: XMPPEdgeConfiguration.Route { .init(host: "127.0.0.1", port: port) }
}
