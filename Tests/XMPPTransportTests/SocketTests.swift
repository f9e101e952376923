import NIOCore
import NIOPosix
import Testing
import TransportSecurity
import XMPPGrammar
import XMPPStreams
import XMPPTransport

/// Two ends over loopback, on one event loop.
private struct Wire {
    let listener: XMPPListener
    let port: Int
    let server: AsyncStream<XMPPConnection>

    static let loop = MultiThreadedEventLoopGroup.singleton.next()

    init(mostConnections: Int = 10, owner: @escaping () -> Recorder) async throws {
        let (stream, continuation) = AsyncStream<XMPPConnection>.makeStream()
        listener = XMPPListener(
            loop: Self.loop,
            limits: ConnectionLimits(),
            mostConnections: mostConnections
        ) { connection in
            connection.owner = owner()
            continuation.yield(connection)
        }
        server = stream
        port = try #require(try await listener.bind(host: "127.0.0.1", port: 0)?.port)
    }

    func connect(_ owner: Recorder) async throws -> XMPPConnection {
        try await XMPPConnector(loop: Self.loop, limits: ConnectionLimits())
            .connect(address: "127.0.0.1", port: port)
            .map { connection in
                connection.owner = owner
                return connection
            }.get()
    }
}

private func onLoop(_ body: @escaping @Sendable () -> Void) async throws {
    try await Wire.loop.submit(body).get()
}

private let header = Sample.header.octets

@Suite struct SocketTests {
    @Test func `elements cross in both directions`() async throws {
        let server = Recorder { connection, event in
            if let element = event.element {
                connection.write(header)
                connection.write(element)
            }
        }
        let wire = try await Wire { server }
        let client = Recorder()
        let events = client.events
        let connection = try await wire.connect(client)
        try await onLoop {
            connection.write(header)
            connection.write(Sample.message("Hark"))
        }
        let echo = try #require(await events.first { $0.element != nil })
        #expect(echo.element == Sample.message("Hark"))
        try await onLoop { connection.disconnect() }
        for await _ in events {}
        await wire.listener.close()
    }

    @Test func `more connections than may be are closed at once`() async throws {
        let wire = try await Wire(mostConnections: 1) { Recorder() }
        let (ends, continuation) = AsyncStream<Void>.makeStream()
        // Whoever else comes to this port meanwhile, one of three is too many.
        var connections: [XMPPConnection] = []
        for _ in 0..<3 {
            let recorder = Recorder { _, event in if event.isDisconnect { continuation.yield() } }
            connections.append(try await wire.connect(recorder))
        }
        let end: Void? = await ends.first { _ in true }
        #expect(end != nil)
        let kept = connections
        try await onLoop { for connection in kept { connection.abort() } }
        await wire.listener.close()
    }

    @Test func `nobody listening is an error`() async throws {
        let wire = try await Wire { Recorder() }
        await wire.listener.close()
        await #expect(throws: (any Error).self) { try await wire.connect(Recorder()) }
    }

    @Test func `what is no address is an error`() async throws {
        let connector = XMPPConnector(loop: Wire.loop, limits: ConnectionLimits())
        await #expect(throws: (any Error).self) {
            try await connector.connect(address: "montague.example", port: 1).get()
        }
    }

    /// RFC 6120 section 5.4.3.3: nothing that came before TLS is believed.
    @Test(arguments: [true, false])
    func `TLS goes under a stream, and each side sees the other's certificate`(_ isTrusted: Bool) async throws
    {
        let identity = try TLSIdentity.selfSigned(for: ["montague.example"], isTrusted: true)
        let contexts = try TLSContexts(identity, trust: try TLSTrust(isTrusted ? identity.certificates : []))
        let server = Recorder { connection, event in
            if case .stream(.opened) = event { connection.write(header) }
            if event.element?.name == "starttls" {
                connection.write(Element("proceed", Namespace.tls))
                connection.startTLS(TLSSession(serverWith: contexts))
            }
        }
        let (serverEvents, wire) = (server.events, try await Wire { server })
        let client = Recorder { connection, event in
            switch event {
            case .stream(.element):
                connection.startTLS(TLSSession(clientOf: "montague.example", with: contexts))
            case .secured:
                connection.write(header)
                connection.write(Sample.message("in secret"))
            default: break
            }
        }
        let clientEvents = client.events
        let connection = try await wire.connect(client)
        try await onLoop {
            connection.write(header)
            connection.write(Element("starttls", Namespace.tls))
            // An attacker's addition in the clear.
            connection.write(Sample.message("injected"))
        }
        let theirs = await clientEvents.first { if case .secured = $0 { true } else { false } }
        guard case .secured(let certificate?)? = theirs else {
            Issue.record("no certificate seen")
            return
        }
        #expect(certificate == PeerCertificate(isTrusted: isTrusted, names: ["montague.example"]))
        var seen: [String] = []
        for await event in serverEvents {
            if case .secured(let ours) = event {
                #expect(ours?.proves("montague.example") == isTrusted)
                seen.append("secured")
            }
            if let element = event.element { seen.append(element.first("body")?.text ?? element.name) }
            if seen.last == "in secret" { break }
        }
        #expect(seen == ["starttls", "secured", "in secret"])
        try await onLoop { connection.abort() }
        await wire.listener.close()
    }

    @Test func `a peer that speaks no TLS is insecure`() async throws {
        let contexts = try TLSContexts(.selfSigned(for: ["montague.example"]), trust: try TLSTrust([]))
        let server = Recorder()
        let wire = try await Wire { server }
        let client = Recorder()
        let events = client.events
        let connection = try await wire.connect(client)
        let accepted = try #require(await wire.server.first { _ in true })
        try await onLoop {
            connection.startTLS(TLSSession(clientOf: "montague.example", with: contexts))
            accepted.write(Array("<nonsense/><nonsense/>".utf8))
        }
        let failure = await events.first { if case .insecure = $0 { true } else { false } }
        #expect(failure != nil)
        try await onLoop { accepted.abort() }
        await wire.listener.close()
    }

    @Test(arguments: ["127.0.0.1", "", "bücher.example", "a b"])
    func `odd names are no reason not to encrypt`(_ name: String) async throws {
        let contexts = try TLSContexts(.selfSigned(for: ["montague.example"]), trust: try TLSTrust([]))
        let server = Recorder()
        let wire = try await Wire { server }
        let client = Recorder()
        let events = client.events
        let connection = try await wire.connect(client)
        let accepted = try #require(await wire.server.first { _ in true })
        try await onLoop {
            accepted.startTLS(TLSSession(serverWith: contexts))
            connection.startTLS(TLSSession(clientOf: name, with: contexts))
        }
        let secured = await events.first { if case .secured = $0 { true } else { false } }
        #expect(secured != nil)
        try await onLoop { connection.abort() }
        await wire.listener.close()
    }
}
