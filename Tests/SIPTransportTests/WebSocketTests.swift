import NIOCore
import NIOSSL
import SIPGrammar
import SIPTransport
import TLSTestKit
import Testing
import TransportSecurity

/// RFC 7118 over RFC 6455.
@Suite(.timeLimit(.minutes(1)))
struct WebSocketTests {
    private static let via = "SIP/2.0/WS df7jal23ls0d.invalid;branch=z9hG4bK56sdasks"
    private static let request = message(via: via)
    private static let text: UInt8 = 1
    private static let binary: UInt8 = 2
    private static let continuation: UInt8 = 0

    private func station(
        limits: TransportLimits = TransportLimits(),
        isSilent: Bool = false
    ) async throws -> Station {
        try await .open(at: ["ws://127.0.0.1:0"], limits: limits, isSilent: isSilent)
    }

    /// The example of RFC 7118 section 4.1.
    @Test func `becomes a WebSocket for SIP`() async throws {
        let station = try await station()
        let peer = try await WebSocketPeer.connect(to: station.port(.ws))
        try await peer.send(Array(WebSocketPeer.handshake.utf8))
        guard case .answer(let head)? = await peer.next() else { return #expect(Bool(false)) }
        let lines = head.lowercased().split(separator: "\r\n").map { String($0) }
        #expect(lines.first == "http/1.1 101 switching protocols")
        #expect(head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))
        #expect(lines.contains("sec-websocket-protocol: sip"))
        #expect(lines.contains("upgrade: websocket"))
        await station.transport.close()
    }

    /// A change of the handshake, and how its answer begins.
    struct Change: Sendable {
        var old: String
        var new: String
        var status: Int

        init(_ old: String, _ new: String, _ status: Int) {
            self.old = old
            self.new = new
            self.status = status
        }
    }

    static let changes: [Change] = [
        Change("Sec-WebSocket-Protocol: sip\r\n", "", 400),
        Change("Sec-WebSocket-Protocol: sip", "Sec-WebSocket-Protocol: xmpp, chat", 400),
        Change("Upgrade: websocket\r\n", "", 426),
        Change("Upgrade: websocket", "Upgrade: h2c", 426),
        Change("Version: 13", "Version: 8", 426),
        Change("Sec-WebSocket-Version: 13\r\n", "", 426),
        Change("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "", 400),
        Change("GET", "POST", 400),
        Change("Host:", "H\u{0}st:", 400),
        Change("http://www.example.com", String(repeating: "x", count: 10_000), 400),
        Change("Origin: ", String(repeating: "A: b\r\n", count: 100) + "Origin: ", 400),
    ]

    @Test(arguments: changes)
    func `refuses what is no such WebSocket, and closes`(
        _ change: Change
    ) async throws {
        let station = try await station()
        let peer = try await WebSocketPeer.connect(to: station.port(.ws))
        try await peer.send(Array(WebSocketPeer.handshake.replacing(change.old, with: change.new).utf8))
        guard case .answer(let head)? = await peer.next() else { return #expect(Bool(false)) }
        #expect(head.hasPrefix("HTTP/1.1 \(change.status) "), "\(head)")
        #expect(await peer.next() == nil)
        await station.transport.close()
    }

    @Test func `finds sip among several protocols`() async throws {
        let station = try await station()
        let peer = try await WebSocketPeer.connect(to: station.port(.ws))
        try await peer.send(
            Array(WebSocketPeer.handshake.replacing("Protocol: sip", with: "Protocol: msrp, sip").utf8)
        )
        guard case .answer(let head)? = await peer.next() else { return #expect(Bool(false)) }
        #expect(head.hasPrefix("HTTP/1.1 101 "))
        await station.transport.close()
    }

    static let messages: [[[UInt8]]] = [
        [WebSocketPeer.frame(text, request.utf8)], [WebSocketPeer.frame(binary, request.utf8)],
        // In fragments, with a control frame between them (RFC 6455 section 5.4).
        [
            WebSocketPeer.frame(text, request.utf8.prefix(10), fin: false), WebSocketPeer.frame(9, "hi".utf8),
            WebSocketPeer.frame(continuation, request.utf8.dropFirst(10).prefix(100), fin: false),
            WebSocketPeer.frame(continuation, [], fin: false),
            WebSocketPeer.frame(continuation, request.utf8.dropFirst(110)),
        ],
        // Without a Content-Length, which this transport does not need.
        [WebSocketPeer.frame(text, request.replacing("Content-Length: 5\r\n", with: "").utf8)],
    ]

    @Test(arguments: messages)
    func `takes a message and answers in a text frame`(_ frames: [[UInt8]]) async throws {
        let station = try await station()
        let peer = try await WebSocketPeer.open(to: station.port(.ws))
        for frame in frames { try await peer.send(frame) }
        if frames.count > 1 { #expect(await peer.next() == .pong("hi")) }
        guard case .text(let answer)? = await peer.next() else { return #expect(Bool(false)) }
        #expect(answer.statusLine == "SIP/2.0 200 OK")
        #expect(
            await station.events.next()
                == .request(.message, via: Self.via + ";received=127.0.0.1", body: "hello")
        )
        await station.transport.close()
        #expect(await peer.next() == .close(1_001))
    }

    @Test func `takes frames octet by octet`() async throws {
        let station = try await station()
        let peer = try await WebSocketPeer.connect(to: station.port(.ws))
        let octets = Array(WebSocketPeer.handshake.utf8) + WebSocketPeer.frame(Self.text, Self.request.utf8)
        for octet in octets { try await peer.send([octet]) }
        guard case .answer? = await peer.next(), case .text(let answer)? = await peer.next() else {
            return #expect(Bool(false))
        }
        #expect(answer.statusLine == "SIP/2.0 200 OK")
        await station.transport.close()
    }

    @Test func `a body that is no text comes and goes in binary frames`() async throws {
        let station = try await station(isSilent: true)
        let peer = try await WebSocketPeer.open(to: station.port(.ws))
        try await peer.send(
            WebSocketPeer.frame(Self.binary, Array(Self.request.utf8.dropLast(5)) + [1, 0xff, 0, 0xfe, 2])
        )
        _ = await station.events.next()
        station.answer(200, via: Self.via, body: [0xff, 0xfe])
        guard case .binary(let answer)? = await peer.next() else { return #expect(Bool(false)) }
        #expect(answer.suffix(2) == [0xff, 0xfe])
        await station.transport.close()
    }

    @Test func `keeps alive in every way`() async throws {
        let station = try await station(limits: TransportLimits(keepAlive: .seconds(1), pong: .seconds(1)))
        let peer = try await WebSocketPeer.open(to: station.port(.ws))
        try await peer.send(WebSocketPeer.frame(Self.text, "\r\n\r\n".utf8))
        #expect(await peer.next() == .text("\r\n"))
        try await peer.send(WebSocketPeer.frame(Self.text, "\r\n".utf8))
        try await peer.send(WebSocketPeer.frame(Self.text, Self.request.utf8))
        guard case .text? = await peer.next() else { return #expect(Bool(false)) }
        #expect(await peer.next() == .ping)
        try await peer.send(WebSocketPeer.frame(10, []))
        // The second ping is not answered, which all WebSockets must.
        #expect(await peer.next() == .ping)
        #expect(await peer.next() == .close(1_001))
        #expect(await peer.next() == nil)
        await station.transport.close()
    }

    /// What breaks the rules of RFC 6455, and the code that says so.
    static var violations: [(octets: [UInt8], code: Int)] {
        let frame = { (opcode: UInt8, payload: [UInt8], fin: Bool) in
            WebSocketPeer.frame(opcode, payload, fin: fin)
        }
        let half = [UInt8](repeating: 0x41, count: 60_000)
        var violations: [(octets: [UInt8], code: Int)] = []
        violations.append((WebSocketPeer.frame(text, [0x41], masked: false), 1_002))
        violations.append((frame(3, [0x41], true), 1_002))
        violations.append((frame(0x41, [0x41], true), 1_002))
        violations.append((frame(continuation, [0x41], true), 1_002))
        violations.append((frame(text, [1], false) + frame(text, [2], true), 1_002))
        violations.append((frame(text, [0xff, 0xfe], true), 1_007))
        violations.append((frame(9, [], false), 1_002))
        violations.append((frame(9, [UInt8](repeating: 0, count: 126), true), 1_002))
        violations.append((frame(binary, [UInt8](repeating: 0x41, count: 65_537), true), 1_009))
        violations.append((frame(binary, half, false) + frame(continuation, half, false), 1_009))
        violations.append((frame(8, [3, 232], true), 1_000))
        return violations
    }

    @Test(arguments: violations)
    func `ends with the right code what breaks the rules, or says goodbye`(
        _ octets: [UInt8],
        _ code: Int
    ) async throws {
        let station = try await station()
        let peer = try await WebSocketPeer.open(to: station.port(.ws))
        try await peer.send(octets)
        #expect(await peer.next() == .close(code))
        #expect(await peer.next() == nil)
        await station.transport.close()
    }

    @Test func `answers what is malformed, and drops what is no SIP`() async throws {
        let station = try await station()
        let peer = try await WebSocketPeer.open(to: station.port(.ws))
        try await peer.send(WebSocketPeer.frame(Self.text, "hello".utf8))
        try await peer.send(
            WebSocketPeer.frame(Self.text, Self.request.replacing("CSeq: 1", with: "CSeq: x").utf8)
        )
        guard case .text(let answer)? = await peer.next() else { return #expect(Bool(false)) }
        #expect(answer.statusLine == "SIP/2.0 400 Bad CSeq Header")
        await station.transport.close()
    }

    @Test func `who asks for nothing is closed`() async throws {
        let station = try await station(
            limits: TransportLimits(incomplete: .seconds(1), handshake: .seconds(1))
        )
        let port = try await station.port(.ws)
        let mute = try await WebSocketPeer.connect(to: port)
        let half = try await WebSocketPeer.connect(to: port)
        try await half.send(Array("GET / HTTP/1.1\r\nHost: x\r\n".utf8))
        let idle = try await WebSocketPeer.open(to: port)
        #expect(await mute.next() == nil)
        #expect(await half.next() == nil)
        #expect(await idle.next() == .close(1_001))
        await station.transport.close()
    }

    @Test func `requests go back by the same WebSocket and no other way`() async throws {
        let station = try await station()
        let peer = try await WebSocketPeer.open(to: station.port(.ws))
        try await peer.send(WebSocketPeer.frame(Self.text, Self.request.utf8))
        guard case .text? = await peer.next(), let origin = await station.lastOrigin else {
            return #expect(Bool(false))
        }
        let outcomes = [
            try await station.send(Self.request, .ws, to: origin.port),
            try await station.send(Self.request, over: origin),
        ]
        guard case .connection(let id) = origin.path else { return #expect(Bool(false)) }
        #expect(outcomes == [.sent(id), .sent(id)])
        for _ in outcomes { #expect(await peer.next() == .text(Self.request)) }
        #expect(try await station.send(Self.request, .ws, to: 9) == .failed(.unreachable))
        try await peer.channel.close()
        while await station.events.next() != .lost {}
        #expect(try await station.send(Self.request, over: origin) == .failed(.closed))
        await station.transport.close()
    }

    @Test func `works over TLS, where clients are not asked for certificates`() async throws {
        let authority = try TestAuthority()
        let keeper = TLSKeeper(try TLSContexts(authority.credentials(CertificateOrder("gw.example"))))
        let station = try await Station.open(at: ["wss://127.0.0.1:0"], security: keeper)
        let context = try TLSContexts(authority.credentials(CertificateOrder("a.example"))).client
        let peer = try await WebSocketPeer.open(to: station.port(.wss)) {
            [
                try NIOSSLClientHandler(
                    context: context,
                    serverHostname: "gw.example",
                    customVerificationCallback: { _, promise in promise.succeed(.certificateVerified) }
                )
            ]
        }
        let via = "SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK56sdasks"
        try await peer.send(WebSocketPeer.frame(Self.text, message(via: via).utf8))
        guard case .text(let answer)? = await peer.next() else { return #expect(Bool(false)) }
        #expect(answer.statusLine == "SIP/2.0 200 OK")
        #expect(await station.lastOrigin?.transport == .wss)
        #expect(await station.provenByLast == [])
        await station.transport.close()
    }
}
