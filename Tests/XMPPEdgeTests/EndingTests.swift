import BusContract
import NIOCore
import Testing
import XMPPEdge
import XMPPGrammar
import XMPPStreams
import XMPPTransport

/// Nothing vanishes while an edge ends.
@Suite(.timeLimit(.minutes(1))) struct EndingTests {
    private static func message(from: String, to: String) -> Element {
        var message = Element("message", Namespace.client)
        (message["from"], message["to"], message["id"]) = (from, to, "m1")
        return message
    }

    @Test func `what a server had sent before it saw our end is delivered`() async throws {
        let last = Self.message(from: "juliet@capulet.example/r", to: "romeo@plays.example")
        let server = ScriptedPeer.componentServer(lastWords: [last])
        let port = try await server.listen()
        let a = try await Server.start("plays.example", in: TestDNS()) {
            $0.listeners = []
            $0.components = [
                .init(host: "127.0.0.1", port: port, domain: "plays.example", secret: "s3cret")
            ]
        }
        // Sent to be sure that the link is up.
        #expect(try await a.bus.send(a.message("Hark", to: "capulet.example")) == .ok(nil))
        await a.stop()
        a.bus.finish()
        #expect(await a.bus.next()?.stanza["id"] == "m1")
        await server.close()
    }

    @Test func `what comes of a peer's last words is waited for and told`() async throws {
        let dns = TestDNS()
        let b = try await Server.start("b.example", in: dns, security: .insecure, answer: { _, _ in nil })
        let server = ScriptedPeer.credulous()
        dns.set("a.example", ports: try await server.listen())
        let first = Self.message(from: "romeo@a.example", to: "juliet@b.example")
        var last = first
        last["id"] = "m2"
        let client = ScriptedPeer.client(
            from: "a.example",
            to: "b.example",
            sending: [first],
            lastWords: [last]
        )
        let connection = try await client.connect(to: b.port)
        try await Server.loop.submit {
            _ = connection.write(ScriptedPeer.header(from: "a.example", to: "b.example"))
        }.get()
        #expect(await b.bus.next()?.stanza["id"] == "m1")
        async let stopped: Void = b.stop()
        try await b.bus.release(.ok(nil))
        #expect(await b.bus.next()?.stanza["id"] == "m2")
        try await b.bus.release(.failed(Failure(.timeout, "juliet is asleep")))
        let reply = try #require(await server.element { $0["type"] == "error" })
        #expect(reply["id"] == "m2" && StanzaError(reply)?.condition == .remoteServerTimeout)
        await stopped
        await server.close()
    }

    @Test func `what comes while the edge still speaks is refused`() async throws {
        let last = Self.message(from: "juliet@capulet.example/r", to: "romeo@plays.example")
        let server = ScriptedPeer.componentServer()
        let port = try await server.listen()
        let a = try await Server.start("plays.example", in: TestDNS()) {
            $0.listeners = []
            $0.components = [
                .init(host: "127.0.0.1", port: port, domain: "plays.example", secret: "s3cret")
            ]
        } answer: { _, _ in
            nil
        }
        #expect(try await a.bus.send(a.message("Hark", to: "capulet.example")) == .ok(nil))
        try await server.say(last)
        #expect(await a.bus.next()?.stanza["id"] == "m1")
        async let stopped: Void = a.stop()
        var second = last
        second["id"] = "m2"
        // Said again and again: the first may come before the edge knows that it is to end.
        var refused: Element?
        while refused == nil {
            try await server.say(second)
            try await server.say(Element("iq", Namespace.client, ping: "juliet@capulet.example/r"))
            let answer = await server.element { $0.name == "iq" || $0["type"] == "error" }
            if answer?["type"] == "error" { refused = answer }
        }
        #expect(refused?["id"] == "m2")
        #expect(refused.flatMap { StanzaError($0) }?.condition == .resourceConstraint)
        try await a.bus.release(.ok(nil))
        await stopped
        await server.close()
    }
}

extension Element {
    /// A request that the edge itself answers.
    fileprivate init(_ name: String, _ namespace: String, ping from: String) {
        self.init(name, namespace, children: [.element(Element("ping", Namespace.ping))])
        (self["type"], self["id"], self["from"], self["to"]) = ("get", "p", from, "plays.example")
    }
}
