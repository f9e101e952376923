import Foundation
import NIOCore
import SIPGrammar
import SIPTransport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct DatagramTests {
    @Test func `answers to the port that a request came from when it asks for that`() async throws {
        let station = try await Station.open()
        let peer = try await DatagramPeer.open()
        try await peer.send(
            message(via: "SIP/2.0/UDP phone.example:9;branch=z9hG4bK1;rport"),
            to: station.port(.udp)
        )
        let via = "SIP/2.0/UDP phone.example:9;branch=z9hG4bK1;rport=\(peer.port);received=127.0.0.1"
        #expect(await station.events.next() == .request(.message, via: via, body: "hello"))
        let response = try #require(await peer.next())
        #expect(response.statusLine == "SIP/2.0 200 OK")
        #expect(response.field("Via") == via)
        await station.transport.close()
    }

    @Test func `answers to the port of sent-by when nobody asks for another`() async throws {
        let station = try await Station.open()
        let (peer, other) = (try await DatagramPeer.open(), try await DatagramPeer.open())
        let via = "SIP/2.0/UDP 127.0.0.1:\(other.port);branch=z9hG4bK1"
        try await peer.send(message(via: via), to: station.port(.udp))
        let response = try #require(await other.next())
        // The address is the one it came from: nothing to add (RFC 3261 section 18.2.1).
        #expect(response.field("Via") == via)
        await station.transport.close()
    }

    @Test func `changes the top Via only`() async throws {
        let station = try await Station.open()
        let peer = try await DatagramPeer.open()
        let via =
            "SIP/2.0/UDP a.example;branch=z9hG4bK1;rport, SIP/2.0/UDP b.example;branch=z9hG4bK2\r\nVia: SIP/2.0/TCP c.example"
        try await peer.send(message(via: via), to: station.port(.udp))
        let response = try #require(await peer.next())
        let vias = response.split(separator: "\r\n").filter { $0.hasPrefix("Via: ") }.joined(separator: "|")
        #expect(
            vias == """
                Via: SIP/2.0/UDP a.example;branch=z9hG4bK1;rport=\(peer.port);received=127.0.0.1\
                |Via: SIP/2.0/UDP b.example;branch=z9hG4bK2|Via: SIP/2.0/TCP c.example
                """
        )
        await station.transport.close()
    }

    @Test func `speaks IPv6`() async throws {
        let station = try await Station.open(at: ["udp://[::1]:0"])
        let peer = try await DatagramPeer.open(host: "::1")
        try await peer.send(message(via: "SIP/2.0/UDP [::1]:9;branch=z9hG4bK1;rport"), to: station.port(.udp))
        let response = try #require(await peer.next())
        #expect(
            response.field("Via") == "SIP/2.0/UDP [::1]:9;branch=z9hG4bK1;rport=\(peer.port);received=::1"
        )
        await station.transport.close()
    }

    @Test func `listens for both families at one port`() async throws {
        let four = try await Station.open(at: ["udp://0.0.0.0:0", "udp://[::1]:0"])
        #expect(try await four.port(.udp) > 0)
        await four.transport.close()
        let six = try await Station.open(at: ["udp://[::]:0"])
        let peer = try await DatagramPeer.open()
        try await peer.send(message(via: "SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK1;rport"), to: six.port(.udp))
        let response = try #require(await peer.next())
        #expect(response.field("Via")?.hasSuffix("received=127.0.0.1") == true)
        let outcome = try await six.send(message("OPTIONS"), .udp, to: peer.port)
        #expect(outcome == .sent(nil))
        #expect(await peer.next()?.hasPrefix("OPTIONS") == true)
        await six.transport.close()
    }

    /// Each is followed by a good request: its answer coming first shows that nothing was said to the bad one.
    @Test(arguments: [
        "", "\r\n\r\n", "\0\u{1}\0\0\u{21}\u{12}", "\r\n", "GET / HTTP/1.1\r\n\r\n", "hello",
        "SIP/2.0 200 OK\r\n\r\n",
        message("ACK", extra: "Require\r\n"), "MESSAGE sip:a@b SIP/2.0\r\n\r\n",
        String(repeating: "\u{fffd}", count: 1_000),
    ])
    func `says nothing to what is beyond an answer, and goes on`(_ datagram: String) async throws {
        let station = try await Station.open()
        let peer = try await DatagramPeer.open()
        try await peer.send(datagram, to: station.port(.udp))
        try await peer.send(message("OPTIONS"), to: station.port(.udp))
        #expect(await peer.next()?.field("CSeq") == "1 OPTIONS")
        await station.transport.close()
    }

    @Test(arguments: [
        (message().replacing("Call-ID: a@b\r\n", with: ""), "SIP/2.0 400 Missing Call-ID Header"),
        (message().replacing("CSeq: 1 MESSAGE", with: "CSeq: x MESSAGE"), "SIP/2.0 400 Bad CSeq Header"),
        (
            message().replacing("CSeq: 1 MESSAGE", with: "CSeq: 1 INVITE"),
            "SIP/2.0 400 CSeq Does Not Match Method"
        ),
        (
            message().replacing("From: <sip:romeo@sip.example>", with: "From: <sip:ro"),
            "SIP/2.0 400 Bad From Header"
        ),
        (message(contentLength: "6"), "SIP/2.0 400 Bad Content-Length Header"),
        (message(contentLength: "-1"), "SIP/2.0 400 Bad Content-Length Header"),
        (message().replacing("SIP/2.0\r\nVia", with: "SIP/7.0\r\nVia"), "SIP/2.0 505 Version Not Supported"),
        (message(body: String(repeating: "x", count: 9_000)), "SIP/2.0 513 Message Too Large"),
    ])
    func `names what is wrong with a request`(_ request: String, _ statusLine: String) async throws {
        let limits = TransportLimits(grammar: SIPLimits(message: 8_192))
        let station = try await Station.open(limits: limits)
        let peer = try await DatagramPeer.open()
        try await peer.send(request, to: station.port(.udp))
        let response = try #require(await peer.next())
        #expect(response.statusLine == statusLine)
        #expect(response.field("To")?.contains(";tag=") == true)
        await station.transport.close()
    }

    @Test func `survives a request cut off anywhere`() async throws {
        let station = try await Station.open(isSilent: true)
        let peer = try await DatagramPeer.open()
        let port = try await station.port(.udp)
        let octets = Array(message().utf8)
        for end in 0..<octets.count { try await peer.send(Array(octets[..<end]), to: port) }
        try await peer.send(message("BYE"), to: port)
        var event = await station.events.next()
        while case .request(.message, via: _, body: _) = event { event = await station.events.next() }
        guard case .request(.bye, via: _, body: _) = event else {
            return #expect(Bool(false), "\(String(describing: event))")
        }
        await station.transport.close()
    }

    /// What is answered to each is the grammar's to say; here, that the socket takes them all and goes on.
    @Test(arguments: ["rfc4475", "rfc5118"])
    func `survives the torture messages`(_ folder: String) async throws {
        let station = try await Station.open(isSilent: true)
        let peer = try await DatagramPeer.open()
        let place = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../Torture/\(folder)"
        )
        let files = try FileManager.default.contentsOfDirectory(at: place, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "dat" }
        #expect(files.count >= 12)
        for file in files { try await peer.send(Array(Data(contentsOf: file)), to: station.port(.udp)) }
        try await peer.send(message("UPDATE"), to: station.port(.udp))
        var event = await station.events.next()
        while let next = event {
            if case .request(.update, via: _, body: "hello") = next { break }
            event = await station.events.next()
        }
        #expect(event != nil)
        await station.transport.close()
    }

    @Test func `survives random octets`() async throws {
        let station = try await Station.open(isSilent: true)
        let peer = try await DatagramPeer.open()
        let port = try await station.port(.udp)
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let count = Int.random(in: 0...2_000, using: &generator)
            try await peer.send(
                (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) },
                to: port
            )
        }
        try await peer.send(message("BYE"), to: port)
        guard case .request(.bye, via: _, body: _) = await station.events.next() else {
            return #expect(Bool(false), "something else came first")
        }
        await station.transport.close()
    }

    /// RFC 3261 section 18.1.2.
    @Test func `passes on responses to its own requests only`() async throws {
        let station = try await Station.open()
        let peer = try await DatagramPeer.open()
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: peer.port)
        let sentBy = try await station.loop.submit { [transport = station.transport] in
            let sentBy = transport.sentBy(toward: TransportTarget(.udp, address), advertising: nil)
            return sentBy.map { "\($0.host):\($0.port)" } ?? ""
        }.get()
        for (host, status) in [
            ("127.0.0.1:1", 480), ("gw.example", 481), (sentBy, 482), ("127.0.0.2:1", 483),
        ] {
            let response = """
                SIP/2.0 \(status) x\r
                Via: SIP/2.0/UDP \(host);branch=z9hG4bK1\r
                From: <sip:a@b>;tag=1\r
                To: <sip:c@d>;tag=2\r
                Call-ID: 1\r
                CSeq: 1 MESSAGE\r
                Content-Length: 0\r
                \r

                """
            try await peer.send(response, to: station.port(.udp))
        }
        try await peer.send(message("BYE"), to: station.port(.udp))
        #expect(await station.events.next() == .response(482))
        guard case .request(.bye, via: _, body: _) = await station.events.next() else {
            return #expect(Bool(false), "another response came first")
        }
        await station.transport.close()
    }

    @Test func `tells that nobody listens at a port`() async throws {
        let station = try await Station.open()
        let peer = try await DatagramPeer.open()
        let port = peer.port
        try await peer.channel.close()
        try station.resend(message("OPTIONS"), to: port)
        #expect(await station.events.next() == .refused("udp:127.0.0.1:\(port)"))
        await station.transport.close()
    }

    @Test func `says that it has no socket for a target`() async throws {
        let station = try await Station.open(at: ["tcp://127.0.0.1:0"])
        #expect(try await station.send(message(), .udp, to: 9) == .failed(.unsupported))
        await station.transport.close()
        let sockets = try await Station.open(at: ["udp://127.0.0.1:0"])
        let tooLong = message(body: String(repeating: "x", count: 65_536))
        #expect(try await sockets.send(tooLong, .udp, to: 9) == .failed(.tooLarge))
        await sockets.transport.close()
    }
}
