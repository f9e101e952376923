import NIOCore
import SIPGrammar
import SIPTransport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct StreamTests {
    private let via = "SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bK1"

    @Test func `answers over the same connection`() async throws {
        let station = try await Station.open()
        let peer = try await StreamPeer.connect(to: station.port(.tcp))
        try await peer.send(message(via: via))
        #expect(await peer.next()?.field("Via") == via)
        await station.transport.close()
        #expect(await peer.next() == nil)
    }

    @Test func `takes messages however they are cut`() async throws {
        let station = try await Station.open()
        let peer = try await StreamPeer.connect(to: station.port(.tcp))
        let text = message(via: via) + message("OPTIONS", via: via, body: "") + message("BYE", via: via)
        let octets = Array(text.utf8)
        for start in stride(from: 0, to: octets.count, by: 7) {
            try await peer.channel.writeAndFlush(
                ByteBuffer(bytes: octets[start..<min(start + 7, octets.count)])
            )
        }
        for method in ["MESSAGE", "OPTIONS", "BYE"] {
            #expect(await peer.next()?.field("CSeq") == "1 \(method)")
        }
        await station.transport.close()
    }

    @Test func `answers a keep-alive`() async throws {
        let station = try await Station.open()
        let peer = try await StreamPeer.connect(to: station.port(.tcp))
        try await peer.send("\r\n\r\n")
        #expect(await peer.next() == "pong")
        try await peer.send(message(via: via))
        #expect(await peer.next()?.statusLine == "SIP/2.0 200 OK")
        await station.transport.close()
    }

    @Test func `answers what is malformed and goes on if it knows where the next message begins`()
        async throws
    {
        let station = try await Station.open()
        let peer = try await StreamPeer.connect(to: station.port(.tcp))
        try await peer.send(message(via: via).replacing("CSeq: 1 ", with: "CSeq: one "))
        #expect(await peer.next()?.statusLine == "SIP/2.0 400 Bad CSeq Header")
        try await peer.send(message(via: via))
        #expect(await peer.next()?.statusLine == "SIP/2.0 200 OK")
        await station.transport.close()
    }

    @Test(arguments: [
        ("99999999", "SIP/2.0 513 Message Too Large"), ("x", "SIP/2.0 400 Bad Content-Length Header"),
        ("5\r\nContent-Length: 6", "SIP/2.0 400 Repeated Content-Length Header"),
        ("", "SIP/2.0 400 Bad Content-Length Header"),
    ])
    func `answers a lie about the length and ends the connection`(
        _ length: String,
        _ line: String
    ) async throws {
        let station = try await Station.open()
        let peer = try await StreamPeer.connect(to: station.port(.tcp))
        try await peer.send(message(via: via, contentLength: length))
        let answer = try #require(await peer.next())
        #expect(
            answer.statusLine.hasPrefix(line.split(separator: " ").prefix(2).joined(separator: " ")),
            "\(answer)"
        )
        #expect(await peer.next() == nil)
        await station.transport.close()
    }

    @Test func `ends a connection that brings no SIP`() async throws {
        let station = try await Station.open()
        let peer = try await StreamPeer.connect(to: station.port(.tcp))
        try await peer.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(await peer.next() == nil)
        let endless = try await StreamPeer.connect(to: station.port(.tcp))
        try await endless.send(String(repeating: "x", count: 70_000))
        #expect(await endless.next() == nil)
        await station.transport.close()
    }

    @Test func `ends connections that owe a message, and idle ones`() async throws {
        let limits = TransportLimits(idle: .seconds(2), incomplete: .seconds(1))
        let station = try await Station.open(limits: limits)
        let port = try await station.port(.tcp)
        let silent = try await StreamPeer.connect(to: port)
        #expect(await silent.next() == nil)
        let half = try await StreamPeer.connect(to: port)
        try await half.send(message(via: via) + "MESSAGE sip:a@b SIP/2.0\r\n")
        #expect(await half.next()?.statusLine == "SIP/2.0 200 OK")
        #expect(await half.next() == nil)
        let idle = try await StreamPeer.connect(to: port)
        try await idle.send(message(via: via))
        #expect(await idle.next()?.statusLine == "SIP/2.0 200 OK")
        #expect(await idle.next() == nil)
        await station.transport.close()
    }

    @Test func `refuses more connections of one address than it may have`() async throws {
        let station = try await Station.open(limits: TransportLimits(connectionsOfOneAddress: 2))
        let port = try await station.port(.tcp)
        var peers: [StreamPeer] = []
        for _ in 0..<2 {
            let peer = try await StreamPeer.connect(to: port)
            try await peer.send(message(via: via))
            #expect(await peer.next()?.statusLine == "SIP/2.0 200 OK")
            peers.append(peer)
        }
        let third = try await StreamPeer.connect(to: port)
        #expect(await third.next() == nil)
        try await peers[0].channel.close()
        #expect(await station.events.next() != .lost)
        while await station.events.next() != .lost {}
        let fourth = try await StreamPeer.connect(to: port)
        try await fourth.send(message(via: via))
        #expect(await fourth.next()?.statusLine == "SIP/2.0 200 OK")
        await station.transport.close()
    }

    @Test func `sends requests over one connection, made when first needed`() async throws {
        let station = try await Station.open()
        let server = try await StreamServer.open()
        async let one = station.send(message(via: via, body: "one"), .tcp, to: server.port)
        async let two = station.send(message(via: via, body: "two"), .tcp, to: server.port)
        let outcomes = try await [one, two]
        #expect(Set([await server.next()?.suffix(3), await server.next()?.suffix(3)]) == ["one", "two"])
        guard case .sent(let connection?) = outcomes[0] else { return #expect(Bool(false), "\(outcomes)") }
        #expect(outcomes == [.sent(connection), .sent(connection)])
        #expect(
            try await station.send(message(via: via, body: "three"), .tcp, to: server.port)
                == .sent(connection)
        )
        #expect(try await station.loop.submit { station.transport.connectionCount }.get() == 1)
        await station.transport.close()
        #expect(await station.events.next() == .lost)
    }

    @Test func `a connection can be made before there is anything to send`() async throws {
        let (station, server) = (try await Station.open(), try await StreamServer.open())
        let port = server.port
        #expect(try await station.prepare(.tcp, to: port) == nil)
        #expect(try await station.prepare(.tcp, to: port) == nil)
        #expect(try await station.prepare(.udp, to: port) == nil)
        guard case .sent = try await station.send(message(via: via), .tcp, to: port) else {
            return #expect(Bool(false))
        }
        #expect(await server.next()?.hasSuffix("hello") == true)
        #expect(try await station.loop.submit { station.transport.connectionCount }.get() == 1)
        await station.transport.close()
        try await server.channel.close()
        #expect(try await station.prepare(.tcp, to: port) == .refused)
    }

    @Test func `says that a connection was refused`() async throws {
        let station = try await Station.open()
        let server = try await StreamServer.open()
        let port = server.port
        try await server.channel.close()
        #expect(try await station.send(message(via: via), .tcp, to: port) == .failed(.refused))
        await station.transport.close()
    }

    /// RFC 3261 section 18.2.2: the connection that the request came by is gone, so another is opened to sent-by.
    @Test func `answers over a new connection when the first is gone`() async throws {
        let station = try await Station.open(isSilent: true)
        let server = try await StreamServer.open()
        let peer = try await StreamPeer.connect(to: station.port(.tcp))
        let back = "SIP/2.0/TCP 127.0.0.1:\(server.port);branch=z9hG4bK1"
        try await peer.send(message(via: back))
        _ = await station.events.next()
        try await peer.channel.close()
        #expect(await station.events.next() == .lost)
        station.answer(202, via: back)
        #expect(await server.next()?.statusLine == "SIP/2.0 202 Accepted")
        await station.transport.close()
    }
}
