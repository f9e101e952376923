import BusContract
import NIOCore
import Testing
import XMPPEdge
import XMPPGrammar
import XMPPStreams
import XMPPTransport

/// Peers that mean no good, at a real socket.
@Suite struct HostileStreamTests {
    private static let opening = String(
        decoding: ScriptedPeer.header(from: "a.example", to: "b.example"),
        as: UTF8.self
    )

    @Test(arguments: [
        ("GET / HTTP/1.1\r\nHost: b.example\r\n\r\n", "not-well-formed"),
        ("\u{16}\u{3}\u{1}", "not-well-formed"),
        ("<a><b/></a>", "invalid-namespace"), (opening + "<message></presence>", "not-well-formed"),
        (opening + "<!DOCTYPE x [<!ENTITY a 'aaaa'>]>", "restricted-xml"),
        (opening + "<!-- hello -->", "restricted-xml"),
        (opening + "<?php ?>", "restricted-xml"), (opening + "<message>&a;</message>", "restricted-xml"),
        (opening + "<message><body>Hark</body></message>", "not-authorized"),
        (opening + "<message>" + String(repeating: "<a>", count: 100), "policy-violation"),
        (opening + "<message><body>" + String(repeating: "a", count: 300_000), "policy-violation"),
        (opening + "<message a='" + String(repeating: "a", count: 300_000), "policy-violation"),
        (
            opening.replacing(server: "elsewhere.example") + "<message from='x@a.example' to='y@b.example'/>",
            "host-unknown"
        ),
    ])
    func `what may not be on a stream ends it with its error`(
        _ sent: String,
        _ condition: String
    ) async throws {
        let b = try await Server.start("b.example", in: TestDNS(), security: .insecure)
        let peer = ScriptedPeer { _, _ in }
        let connection = try await peer.connect(to: b.port)
        try await Server.loop.submit { _ = connection.write(Array(sent.utf8)) }.get()
        let error = try #require(await peer.element { $0.name == "error" })
        #expect(StreamError(error)?.condition.rawValue == condition)
        await b.stop()
    }

    @Test func `a client that ignores the offer of TLS gets nothing`() async throws {
        let b = try await Server.start("b.example", in: TestDNS(), security: .dialback)
        let message = Element(
            "message",
            Namespace.client,
            attributes: [
                Attribute(name: "from", value: "x@a.example"), Attribute(name: "to", value: "y@b.example"),
            ]
        )
        let peer = ScriptedPeer.client(from: "a.example", to: "b.example", sending: [message], atOnce: true)
        let connection = try await peer.connect(to: b.port)
        try await Server.loop.submit {
            _ = connection.write(ScriptedPeer.header(from: "a.example", to: "b.example"))
        }.get()
        let error = try #require(await peer.element { $0.name == "error" })
        #expect(StreamError(error)?.condition == .notAuthorized)
        await b.stop()
    }

    @Test func `a sender's domain that was not proven ends the stream`() async throws {
        let dns = TestDNS()
        let b = try await Server.start("b.example", in: dns, security: .insecure)
        let server = ScriptedPeer.credulous()
        dns.set("a.example", ports: try await server.listen())
        var message = Element("message", Namespace.client)
        (message["from"], message["to"]) = ("king@denmark.example", "y@b.example")
        let peer = ScriptedPeer.client(from: "a.example", to: "b.example", sending: [message])
        let connection = try await peer.connect(to: b.port)
        try await Server.loop.submit {
            _ = connection.write(ScriptedPeer.header(from: "a.example", to: "b.example"))
        }.get()
        let error = try #require(await peer.element { $0.name == "error" })
        #expect(StreamError(error)?.condition == .invalidFrom)
        await server.close()
        await b.stop()
    }

    @Test func `a connection that says nothing is closed`() async throws {
        let b = try await Server.start("b.example", in: TestDNS()) {
            $0.timeouts.negotiation = .milliseconds(20)
        }
        let peer = ScriptedPeer { _, _ in }
        _ = try await peer.connect(to: b.port)
        let end = await peer.events.first { if case .disconnected = $0 { true } else { false } }
        #expect(end != nil)
        await b.stop()
    }

    @Test func `a server that offers no TLS is given up where it is needed`() async throws {
        let dns = TestDNS()
        let a = try await Server.start("a.example", in: dns)
        let server = ScriptedPeer.credulous()
        dns.set("b.example", ports: try await server.listen())
        #expect(try await a.bus.send(a.message("Hark", to: "b.example")).reason == .insecure)
        await server.close()
        await a.stop()
    }

    @Test func `a server that never answers is a timeout`() async throws {
        let dns = TestDNS()
        let a = try await Server.start("a.example", in: dns) { $0.timeouts.negotiation = .milliseconds(20) }
        let server = ScriptedPeer { _, _ in }
        dns.set("b.example", ports: try await server.listen())
        #expect(try await a.bus.send(a.message("Hark", to: "b.example")).reason == .timeout)
        await server.close()
        await a.stop()
    }
}

extension String {
    /// A stream header for another server.
    fileprivate func replacing(server: String) -> String {
        split(separator: "b.example", omittingEmptySubsequences: false).joined(separator: server)
    }
}
