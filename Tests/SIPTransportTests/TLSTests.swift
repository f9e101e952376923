import NIOCore
import NIOSSL
import SIPGrammar
import SIPTransport
import TLSTestKit
import Testing
import TransportSecurity
import X509

@Suite(.timeLimit(.minutes(1)))
struct TLSTests {
    private let via = "SIP/2.0/TLS 127.0.0.1:5061;branch=z9hG4bK1"
    private let authority: TestAuthority

    init() throws {
        authority = try TestAuthority()
    }

    /// A station that listens by TLS, and shows and trusts what this test's authority signs.
    private func station(
        _ order: CertificateOrder,
        limits: TransportLimits = TransportLimits(),
        isSilent: Bool = false
    ) async throws -> Station {
        let keeper = TLSKeeper(try TLSContexts(authority.credentials(order)))
        return try await .open(
            at: ["tls://127.0.0.1:0"],
            limits: limits,
            isSilent: isSilent,
            security: keeper
        )
    }

    private func context(_ order: CertificateOrder) throws -> NIOSSLContext {
        try TLSContexts(authority.credentials(order)).client
    }

    // MARK: To others

    @Test func `a request and its answer cross, and each side has proven who it is`() async throws {
        let (a, b) = (
            try await station(CertificateOrder("a.example")), try await station(CertificateOrder("b.example"))
        )
        let port = try await b.port(.tls)
        let outcome = try await a.send(via, to: port, naming: "b.example")
        guard case .sent(let connection?) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(await b.events.next() == .request(.message, via: via, body: "hello"))
        #expect(await b.provenByLast == ["a.example"])
        #expect(try await a.send(via, to: port, naming: "b.example") == .sent(connection))
        await a.transport.close()
        await b.transport.close()
    }

    @Test(arguments: [
        (CertificateOrder("c.example"), "the certificate is for c.example, not for b.example"),
        (CertificateOrder("*.example"), "the certificate is for *.example, not for b.example"),
        (CertificateOrder("b.example").but { $0.uris = ["sip:c.example"] }, "not for b.example"),
        (CertificateOrder("b.example").but { $0.ends = -60 }, "the certificate has expired at"),
        (CertificateOrder("b.example").but { $0.begins = 3_600 }, "the certificate is not valid before"),
        (CertificateOrder("b.example").but { $0.purposes = [.codeSigning] }, "for other purposes"),
    ])
    func `a certificate that is not good enough is a failure that says why`(
        _ order: CertificateOrder,
        _ text: String
    ) async throws {
        let (a, b) = (try await station(CertificateOrder("a.example")), try await station(order))
        let outcome = try await a.send(via, to: b.port(.tls), naming: "b.example")
        guard case .failed(.insecure(let reason)) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(reason.contains(text), "\(reason)")
        await a.transport.close()
        await b.transport.close()
    }

    @Test(arguments: [true, false])
    func `nobody is believed whom nobody vouches for`(_ isSelfSigned: Bool) async throws {
        let a = try await station(CertificateOrder("a.example"))
        let identity =
            try isSelfSigned
            ? TLSIdentity.selfSigned(for: ["b.example"])
            : TestAuthority().issue(CertificateOrder("b.example"))
        let contexts = try TLSContexts(TLSCredentials(identity, trust: authority.trust))
        let b = try await Station.open(at: ["tls://127.0.0.1:0"], security: TLSKeeper(contexts))
        let outcome = try await a.send(via, to: b.port(.tls), naming: "b.example")
        guard case .failed(.insecure(let reason)) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(reason.contains(isSelfSigned ? "self-signed" : "authority that is not trusted"), "\(reason)")
        await a.transport.close()
        await b.transport.close()
    }

    @Test(arguments: [
        CertificateOrder("b.example").but { $0.purposes = [.clientAuth] },
        CertificateOrder("c.example").but { $0.uris = ["sip:b.example"] },
        CertificateOrder().but { $0.commonName = "b.example" },
    ])
    func `every way to name a domain will do`(_ order: CertificateOrder) async throws {
        let (a, b) = (try await station(CertificateOrder("a.example")), try await station(order))
        let outcome = try await a.send(via, to: b.port(.tls), naming: "b.example")
        guard case .sent = outcome else { return #expect(Bool(false), "\(outcome)") }
        await a.transport.close()
        await b.transport.close()
    }

    @Test func `an address that is called by no name must be in the certificate`() async throws {
        let a = try await station(CertificateOrder("a.example"))
        let b = try await station(CertificateOrder("b.example").but { $0.addresses = [[127, 0, 0, 1]] })
        let c = try await station(CertificateOrder("127.0.0.1"))
        guard case .sent = try await a.send(via, to: b.port(.tls), naming: nil) else {
            return #expect(Bool(false))
        }
        guard case .failed(.insecure) = try await a.send(via, to: c.port(.tls), naming: nil) else {
            return #expect(Bool(false))
        }
        for station in [a, b, c] { await station.transport.close() }
    }

    @Test func `who speaks no TLS, or nothing at all, is given up`() async throws {
        let a = try await station(
            CertificateOrder("a.example"),
            limits: TransportLimits(handshake: .seconds(1))
        )
        let plain = try await Station.open(at: ["tcp://127.0.0.1:0"])
        let garbled = try await a.send(via, to: plain.port(.tcp), naming: "b.example")
        guard case .failed(.insecure) = garbled else { return #expect(Bool(false), "\(garbled)") }
        let mute = try await StreamServer.open()
        let late = try await a.send(via, to: mute.port, naming: "b.example")
        #expect(late == .failed(.insecure("the peer did not finish the handshake in time")))
        try await mute.channel.close()
        #expect(try await a.send(via, to: mute.port, naming: "b.example") == .failed(.refused))
        await a.transport.close()
        await plain.transport.close()
    }

    // MARK: To us

    @Test func `a stranger is served, and has proven nothing`() async throws {
        let station = try await station(CertificateOrder("a.example"))
        let port = try await station.port(.tls)
        let others = try TestAuthority().credentials(CertificateOrder("b.example"))
        let expired = try context(CertificateOrder("b.example").but { $0.ends = -60 })
        for context in [nil, try TLSContexts(others).client, expired] {
            let peer = try await TLSPeer.connect(to: port, with: context)
            try await peer.stream.send(message(via: via))
            #expect(await peer.stream.next()?.statusLine == "SIP/2.0 200 OK")
            #expect(await station.provenByLast == [])
        }
        await station.transport.close()
    }

    @Test func `messages may come an octet a record`() async throws {
        let station = try await station(CertificateOrder("a.example"))
        let peer = try await TLSPeer.connect(to: station.port(.tls))
        for octet in message(via: via).utf8 {
            try await peer.stream.channel.writeAndFlush(ByteBuffer(bytes: [octet]))
        }
        #expect(await peer.stream.next()?.statusLine == "SIP/2.0 200 OK")
        try await peer.stream.send("\r\n\r\n")
        #expect(await peer.stream.next() == "pong")
        await station.transport.close()
    }

    @Test func `versions before 1.2 are refused`() async throws {
        let station = try await station(CertificateOrder("a.example"))
        let port = try await station.port(.tls)
        for version in [TLSVersion.tlsv1, .tlsv11] {
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.maximumTLSVersion = version
            let context = try NIOSSLContext(configuration: configuration)
            await #expect(throws: NIOSSLError.self) { try await TLSPeer.connect(to: port, with: context) }
        }
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.maximumTLSVersion = .tlsv12
        configuration.certificateVerification = .noHostnameVerification
        _ = try await TLSPeer.connect(to: port, with: NIOSSLContext(configuration: configuration))
        await station.transport.close()
    }

    @Test func `garbage and silence instead of a handshake end the connection`() async throws {
        let station = try await station(
            CertificateOrder("a.example"),
            limits: TransportLimits(handshake: .seconds(1))
        )
        let port = try await station.port(.tls)
        for text in [message(via: via), "\u{16}\u{3}\u{1}\u{0}\u{5}hello", ""] {
            let peer = try await StreamPeer.connect(to: port)
            if !text.isEmpty { try await peer.send(text) }
            while let answer = await peer.next() { #expect(answer == "malformed") }
        }
        #expect(try await station.loop.submit { station.transport.connectionCount }.get() == 0)
        await station.transport.close()
    }

    @Test func `each domain has its certificate, and new ones are for new connections`() async throws {
        func contexts(_ usual: String, _ own: String) throws -> TLSContexts {
            try TLSContexts(
                authority.credentials(CertificateOrder(usual)),
                domains: ["own.example": authority.credentials(CertificateOrder(own))]
            )
        }
        let keeper = TLSKeeper(try contexts("usual.example", "own.example"))
        let station = try await Station.open(at: ["tls://127.0.0.1:0"], security: keeper)
        let port = try await station.port(.tls)
        let old = try await TLSPeer.connect(to: port, naming: "own.example")
        #expect(old.names == ["own.example"])
        #expect(try await TLSPeer.connect(to: port, naming: "OWN.example").names == ["own.example"])
        #expect(try await TLSPeer.connect(to: port, naming: "other.example").names == ["usual.example"])
        #expect(try await TLSPeer.connect(to: port).names == ["usual.example"])
        keeper.replace(with: try contexts("new.example", "newer.example"))
        #expect(try await TLSPeer.connect(to: port, naming: "own.example").names == ["newer.example"])
        #expect(try await TLSPeer.connect(to: port).names == ["new.example"])
        try await old.stream.send(message(via: via))
        #expect(await old.stream.next()?.statusLine == "SIP/2.0 200 OK")
        await station.transport.close()
    }

    @Test func `without a certificate there is no listening`() async throws {
        let endpoint = try #require(SIPEndpoint("tls://127.0.0.1:0"))
        let error = await #expect(throws: SIPListenError.self) {
            try await Station().transport.listen(at: [endpoint])
        }
        #expect(error == SIPListenError(endpoint, .noCertificate))
        let station = try await Station.open()
        let outcome = try await station.send(via, to: 9, naming: "b.example")
        guard case .failed = outcome else { return #expect(Bool(false), "\(outcome)") }
        await station.transport.close()
    }

    // MARK: Back

    /// RFC 5923 section 8.2.
    @Test func `requests go back over a connection whose peer asked for that and is who is meant`()
        async throws
    {
        let b = try await station(CertificateOrder("b.example"))
        let identity = try context(CertificateOrder("a.example"))
        let peer = try await TLSPeer.connect(to: b.port(.tls), with: identity)
        try await peer.stream.send(message(via: "SIP/2.0/TLS 127.0.0.1:9;alias;branch=z9hG4bK1"))
        #expect(await peer.stream.next()?.statusLine == "SIP/2.0 200 OK")
        guard case .sent = try await b.send(via, to: 9, naming: "A.example") else {
            return #expect(Bool(false))
        }
        #expect(await peer.stream.next()?.hasPrefix("MESSAGE ") == true)
        #expect(try await b.send(via, to: 9, naming: "c.example") == .failed(.refused))
        #expect(try await b.send(via, to: 10, naming: "a.example") == .failed(.refused))
        await b.transport.close()
    }

    @Test(arguments: [true, false])
    func `no alias without a proof, and none that was not asked for`(_ asks: Bool) async throws {
        let b = try await station(CertificateOrder("b.example"))
        let identity = asks ? nil : try context(CertificateOrder("a.example"))
        let peer = try await TLSPeer.connect(to: b.port(.tls), with: identity)
        try await peer.stream.send(
            message(via: "SIP/2.0/TLS 127.0.0.1:9;\(asks ? "alias;" : "")branch=z9hG4bK1")
        )
        #expect(await peer.stream.next()?.statusLine == "SIP/2.0 200 OK")
        #expect(try await b.send(via, to: 9, naming: "a.example") == .failed(.refused))
        await b.transport.close()
    }

    @Test
    func `an answer whose connection is gone goes to the host that the Via names, if it proves to be that`()
        async throws
    {
        let (a, b) = (
            try await station(CertificateOrder("a.example")),
            try await station(CertificateOrder("b.example"), isSilent: true)
        )
        let peer = try await TLSPeer.connect(to: b.port(.tls))
        let back = "SIP/2.0/TLS a.example:\(try await a.port(.tls));branch=z9hG4bK1"
        try await peer.stream.send(message(via: back))
        _ = await b.events.next()
        try await peer.stream.channel.close()
        #expect(await b.events.next() == .lost)
        b.answer(202, via: back)
        // Station a has sent no request, so it says nothing of the answer, but it was connected to.
        while try await a.loop.submit({ a.transport.connectionCount }).get() == 0 { await Task.yield() }
        await a.transport.close()
        await b.transport.close()
    }
}
