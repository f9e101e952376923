import BusContract
import Testing
import XMPPEdge
import XMPPGrammar
import XMPPStreams
import XMPPTransport

@Suite struct ComponentLinkTests {
    private func edge(
        attachedTo port: Int,
        secret: String = "s3cret",
        answer: @escaping (Delivery, ServiceName) -> Outcome? = { _, _ in .ok(nil) }
    ) async throws -> Server {
        try await Server.start(
            "plays.example",
            in: TestDNS(),
            configure: {
                $0.listeners = []
                $0.components = [
                    .init(host: "127.0.0.1", port: port, domain: "plays.example", secret: secret)
                ]
            },
            answer: answer
        )
    }

    @Test func `a component attaches, and stanzas cross both ways`() async throws {
        let message = Element(
            "message",
            Namespace.client,
            attributes: [
                Attribute(name: "from", value: "juliet@capulet.example/r"),
                Attribute(name: "to", value: "romeo@plays.example"),
                Attribute(name: "id", value: "m1"),
            ]
        )
        let server = ScriptedPeer.componentServer()
        let a = try await edge(attachedTo: try await server.listen()) { _, _ in
            .failed(Failure(.unreachable, "romeo is out"))
        }
        let outgoing = a.message("Hark", to: "capulet.example")
        #expect(try await a.bus.send(outgoing) == .ok(nil))
        let seen = try #require(await server.element { $0.name == "message" })
        #expect(seen == outgoing)
        #expect(await a.edge.links().contains { $0.state == "attached" })
        try await server.say(message)
        #expect(await a.bus.next()?.domain == "capulet.example")
        let reply = try #require(await server.element { $0["type"] == "error" })
        #expect(
            reply["to"] == "juliet@capulet.example/r" && StanzaError(reply)?.condition == .remoteServerTimeout
        )
        await server.close()
        await a.stop()
    }

    @Test func `while the link is down stanzas wait for it`() async throws {
        let server = ScriptedPeer.componentServer(refusing: 1)
        let a = try await edge(attachedTo: try await server.listen())
        #expect(try await a.bus.send(a.message("Hark", to: "capulet.example")) == .ok(nil))
        #expect(await server.element { $0.name == "message" } != nil)
        await server.close()
        await a.stop()
    }

    @Test func `a link that stays down fails those whose patience ends`() async throws {
        let a = try await edge(attachedTo: deadPort)
        let outcome = try await a.bus.send(
            a.message("Hark", to: "capulet.example"),
            patience: .milliseconds(200)
        )
        #expect(outcome.reason == .unreachable)
        await a.stop()
    }

    @Test func `a wrong secret is no link`() async throws {
        let server = ScriptedPeer.componentServer()
        let a = try await edge(attachedTo: try await server.listen(), secret: "wrong")
        let outcome = try await a.bus.send(a.message("Hark", to: "capulet.example"), patience: .seconds(1))
        guard case .failed(let failure) = outcome else {
            Issue.record("not failed: \(outcome)")
            return
        }
        #expect(failure.reason == .unreachable && failure.text.contains("secret"))
        await server.close()
        await a.stop()
    }

    @Test func `what is for a domain that is not ours does not cross`() async throws {
        var message = Element("message", Namespace.client)
        (message["from"], message["to"]) = ("juliet@capulet.example", "x@verona.example")
        message["id"] = "m1"
        let server = ScriptedPeer.componentServer()
        let a = try await edge(attachedTo: try await server.listen())
        // Sent to be sure that the link is up.
        #expect(try await a.bus.send(a.message("Hark", to: "capulet.example")) == .ok(nil))
        try await server.say(message)
        // The answer goes to capulet.example by the stream of verona.example, which has none: it is not seen here,
        // and nothing reaches the translator before what is sent next.
        message["to"] = "romeo@plays.example"
        message["id"] = "m2"
        try await server.say(message)
        #expect(await a.bus.next()?.stanza["id"] == "m2")
        await server.close()
        await a.stop()
    }

    @Test func `another configuration detaches and attaches`() async throws {
        let (first, second) = (ScriptedPeer.componentServer(), ScriptedPeer.componentServer())
        let a = try await edge(attachedTo: try await first.listen())
        #expect(try await a.bus.send(a.message("one", to: "capulet.example")) == .ok(nil))
        var configuration = XMPPEdgeConfiguration(domains: ["plays.example"])
        configuration.components = [
            .init(
                host: "127.0.0.1",
                port: try await second.listen(),
                domain: "plays.example",
                secret: "s3cret"
            )
        ]
        try await a.edge.reload(configuration)
        #expect(try await a.bus.send(a.message("two", to: "capulet.example")) == .ok(nil))
        #expect(await second.element { $0.name == "message" }?.first("body")?.text == "two")
        await first.close()
        await second.close()
        await a.stop()
    }
}
