import NIOCore
import SIPTransport
import Testing

/// RFC 5626 sections 3.5.1 and 4.4.1.
@Suite(.timeLimit(.minutes(1)))
struct KeepAliveTests {
    private let via = "SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bK1"
    private let limits = TransportLimits(keepAlive: .seconds(1), pong: .seconds(1))

    @Test func `a quiet connection of ours is pinged, and kept though nobody answers who never did`()
        async throws
    {
        let (station, server) = (try await Station.open(limits: limits), try await StreamServer.open())
        _ = try await station.send(message(via: via), .tcp, to: server.port)
        #expect(await server.next()?.hasPrefix("MESSAGE ") == true)
        #expect(await server.next() == "ping")
        #expect(await server.next() == "ping")
        #expect(try await station.loop.submit { station.transport.connectionCount }.get() == 1)
        await station.transport.close()
    }

    @Test func `who has answered and does not any more is dead`() async throws {
        let (station, server) = (
            try await Station.open(limits: limits), try await StreamServer.open(pongs: 1)
        )
        _ = try await station.send(message(via: via), .tcp, to: server.port)
        #expect(await server.next()?.hasPrefix("MESSAGE ") == true)
        #expect(await server.next() == "ping")
        #expect(await server.next() == "ping")
        #expect(await station.events.next() == .lost)
        await station.transport.close()
    }

    @Test func `a connection of ours that nobody uses is closed in the end`() async throws {
        let limits = TransportLimits(kept: .seconds(2), keepAlive: .seconds(1))
        let (station, server) = (
            try await Station.open(limits: limits), try await StreamServer.open(pongs: 100)
        )
        _ = try await station.send(message(via: via), .tcp, to: server.port)
        #expect(await station.events.next() == .lost)
        await station.transport.close()
    }
}
