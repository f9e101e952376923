import NIOCore
import NIOEmbedded
import Testing
import XMPPGrammar
import XMPPStreams
import XMPPTransport

/// One connection in a channel without a socket.
private struct Bench {
    let channel: EmbeddedChannel
    let connection: XMPPConnection
    let recorder: Recorder
    let reads: ReadCounter

    init(limits: ConnectionLimits = ConnectionLimits(), _ recorder: Recorder = Recorder()) throws {
        reads = ReadCounter()
        connection = XMPPConnection(limits: limits)
        self.recorder = recorder
        connection.owner = recorder
        channel = EmbeddedChannel(handlers: [reads, connection])
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 5269)).wait()
    }

    func receive(_ text: String) throws {
        try channel.writeInbound(ByteBuffer(string: text))
    }

    func sent() throws -> String? {
        try channel.readOutbound(as: ByteBuffer.self).map { String(buffer: $0) }
    }
}

private final class ReadCounter: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    private(set) var count = 0

    func read(context: ChannelHandlerContext) {
        count += 1
        context.read()
    }
}

private let opening =
    "<?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams'>"

@Suite struct XMPPConnectionTests {
    @Test func `what is written in one turn leaves at once, in order`() throws {
        let bench = try Bench()
        bench.connection.write(Sample.header.octets)
        bench.connection.write(Sample.message("one"))
        bench.connection.write(Sample.message("two"))
        #expect(try bench.sent() == nil)
        bench.channel.embeddedEventLoop.run()
        let expected =
            String(decoding: Sample.header.octets, as: UTF8.self)
            + "<message><body>one</body></message><message><body>two</body></message>"
        #expect(try bench.sent() == expected)
        #expect(try bench.sent() == nil)
    }

    @Test func `the owner learns how far the socket has taken it`() throws {
        let bench = try Bench()
        let first = bench.connection.write(Sample.message("one"))
        let second = bench.connection.write(Sample.message("two"))
        #expect(first == 35 && second == 70)
        #expect(bench.connection.unwritten == 70)
        bench.channel.embeddedEventLoop.run()
        #expect(bench.recorder.seen.compactMap(\.mark) == [70])
        #expect(bench.connection.unwritten == 0)
    }

    @Test func `it is full when as much waits as may`() throws {
        var limits = ConnectionLimits()
        limits.outbound = 100
        let bench = try Bench(limits: limits)
        for _ in 0..<2 { bench.connection.write(Sample.message("one")) }
        #expect(!bench.connection.isFull)
        bench.connection.write(Sample.message("one"))
        #expect(bench.connection.isFull)
        bench.channel.embeddedEventLoop.run()
        #expect(!bench.connection.isFull)
    }

    @Test func `a stream comes in event by event, however it is cut`() throws {
        let text = opening + "<message><body>Hark é</body></message><message/></stream:stream>"
        for size in [1, 2, 7, 1_000] {
            let bench = try Bench()
            let octets = Array(text.utf8)
            for start in stride(from: 0, to: octets.count, by: size) {
                try bench.channel.writeInbound(
                    ByteBuffer(bytes: octets[start..<min(octets.count, start + size)])
                )
            }
            #expect(bench.recorder.seen.count == 4)
            #expect(bench.recorder.elements.first?.first("body")?.text == "Hark é")
            guard case .stream(.closed)? = bench.recorder.seen.last else {
                Issue.record("not closed")
                continue
            }
        }
    }

    @Test func `what is no XML is told once, after what was good, and nothing after it`() throws {
        let bench = try Bench()
        try bench.receive(opening + "<message/><!-- -->")
        try bench.receive("<message/>")
        #expect(bench.recorder.seen.count == 3)
        guard case .violated(let error)? = bench.recorder.seen.last else {
            Issue.record("no violation")
            return
        }
        #expect(error.condition == .restrictedXML)
    }

    @Test func `a pause holds what was read and what is to be read`() throws {
        let recorder = Recorder { connection, event in
            if event.element != nil { connection.pause(.busFull) }
        }
        let bench = try Bench(recorder)
        try bench.receive(opening + "<message id='1'/><message id='2'/>")
        #expect(recorder.elements.count == 1)
        let before = bench.reads.count
        bench.channel.read()
        #expect(bench.reads.count == before)
        // Two reasons: both must go.
        bench.connection.pause(.tooFast)
        bench.connection.resume(.busFull)
        #expect(recorder.elements.count == 1)
        bench.connection.resume(.tooFast)
        #expect(recorder.elements.map { $0["id"] } == ["1", "2"])
        #expect(bench.reads.count == before)
        bench.connection.resume(.busFull)
        #expect(bench.reads.count == before + 1)
    }

    @Test func `an event that was put back comes again, before what follows it`() throws {
        var refusals = 1
        let recorder = Recorder { connection, event in
            guard event.element != nil, refusals > 0 else { return }
            refusals -= 1
            connection.putBack(.busFull)
        }
        let bench = try Bench(recorder)
        try bench.receive(opening + "<message id='1'/><message id='2'/>")
        #expect(recorder.elements.map { $0["id"] } == ["1"])
        bench.connection.resume(.busFull)
        #expect(recorder.elements.map { $0["id"] } == ["1", "1", "2"])
    }

    @Test func `what was read before the end is handed over in its time`() throws {
        let recorder = Recorder()
        let bench = try Bench(recorder)
        bench.connection.pause(.busFull)
        try bench.receive(opening + "<message/>")
        _ = try bench.channel.finish(acceptAlreadyClosed: true)
        #expect(recorder.seen.isEmpty)
        bench.connection.resume(.busFull)
        #expect(recorder.seen.count == 3)
        #expect(recorder.seen.last?.isDisconnect == true)
    }

    @Test func `a new stream starts with a clean parser`() throws {
        let bench = try Bench()
        try bench.receive(opening + "<success/>")
        bench.connection.restart()
        try bench.receive(opening + "<message/>")
        #expect(bench.recorder.elements.map(\.name) == ["success", "message"])
    }

    @Test func `a disconnect writes what waits and takes nothing more`() throws {
        let bench = try Bench()
        try bench.receive(opening)
        bench.connection.write(Sample.message("last words"))
        bench.connection.disconnect()
        #expect(try bench.sent()?.contains("last words") == true)
        bench.connection.write(Sample.message("too late"))
        try bench.receive("<message/>")
        bench.channel.embeddedEventLoop.advanceTime(by: .seconds(3))
        #expect(bench.recorder.elements.isEmpty)
        #expect(bench.recorder.seen.last?.isDisconnect == true)
        #expect(try bench.sent() == nil)
        #expect(!bench.channel.isActive)
    }

    @Test func `the end is told once and the owner let go`() throws {
        let bench = try Bench()
        _ = try bench.channel.finish(acceptAlreadyClosed: true)
        #expect(bench.recorder.seen.count { $0.isDisconnect } == 1)
        #expect(bench.connection.owner == nil)
    }
}
