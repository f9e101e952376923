import NIOCore
import NIOPosix
import SIPGrammar

/// Keeps what comes, for a test to ask for one by one.
final class Mailbox<Letter: Sendable>: Sendable {
    private let stream: AsyncStream<Letter>
    private let continuation: AsyncStream<Letter>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    func put(_ letter: Letter) { continuation.yield(letter) }
    func close() { continuation.finish() }

    /// The next letter; nil when no more will come.
    func next() async -> Letter? {
        for await letter in stream { return letter }
        return nil
    }
}

/// A UDP socket that speaks in text.
struct DatagramPeer {
    let channel: any Channel
    let mailbox: Mailbox<String>

    static func open(host: String = "127.0.0.1") async throws -> DatagramPeer {
        let mailbox = Mailbox<String>()
        let channel = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(DatagramReader(mailbox))
                }
            }
            .bind(host: host, port: 0).get()
        return DatagramPeer(channel: channel, mailbox: mailbox)
    }

    var port: Int { channel.localAddress?.port ?? 0 }

    func send(_ text: String, to port: Int) async throws {
        try await send(Array(text.utf8), to: port)
    }

    func send(_ octets: [UInt8], to port: Int) async throws {
        let host = channel.localAddress?.ipAddress ?? "127.0.0.1"
        let address = try SocketAddress(ipAddress: host, port: port)
        let envelope = AddressedEnvelope(remoteAddress: address, data: ByteBuffer(bytes: octets))
        try await channel.writeAndFlush(envelope)
    }

    func next() async -> String? { await mailbox.next() }
}

private final class DatagramReader: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    private let mailbox: Mailbox<String>

    init(_ mailbox: Mailbox<String>) {
        self.mailbox = mailbox
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        mailbox.put(String(buffer: unwrapInboundIn(data).data))
    }
}

/// A TCP connection that speaks in text; what comes is joined until a whole message is there.
struct StreamPeer {
    let channel: any Channel
    let mailbox: Mailbox<String>

    static func connect(to port: Int, host: String = "127.0.0.1") async throws -> StreamPeer {
        let mailbox = Mailbox<String>()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(StreamReader(mailbox))
                }
            }
            .connect(host: host, port: port).get()
        return StreamPeer(channel: channel, mailbox: mailbox)
    }

    func send(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text))
    }

    func next() async -> String? { await mailbox.next() }
}

/// A TCP port that takes connections, whose messages come to one mailbox.
struct StreamServer {
    let channel: any Channel
    let mailbox: Mailbox<String>

    /// Opens one that answers so many pings.
    static func open(pongs: Int = 0) async throws -> StreamServer {
        let mailbox = Mailbox<String>()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        StreamReader(mailbox, closes: false, pongs: pongs)
                    )
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return StreamServer(channel: channel, mailbox: mailbox)
    }

    var port: Int { channel.localAddress?.port ?? 0 }
    func next() async -> String? { await mailbox.next() }
}

final class StreamReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let mailbox: Mailbox<String>
    private let closes: Bool
    private var framer = SIPStreamFramer()
    private var pongs: Int

    init(_ mailbox: Mailbox<String>, closes: Bool = true, pongs: Int = 0) {
        self.mailbox = mailbox
        self.closes = closes
        self.pongs = pongs
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let octets = unwrapInboundIn(data)
        framer.append(octets.readableBytesUInt8Span)
        while let frame = try? framer.next() {
            switch frame {
            case .message(let message): mailbox.put(String(decoding: message.octets, as: UTF8.self))
            case .keepAlivePing:
                mailbox.put("ping")
                guard pongs > 0 else { break }
                pongs -= 1
                context.writeAndFlush(NIOAny(ByteBuffer(string: "\r\n")), promise: nil)
            case .pong: mailbox.put("pong")
            case .malformed: mailbox.put("malformed")
            }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if closes { mailbox.close() }
    }
}

/// A request as text.
func message(
    _ method: String = "MESSAGE",
    via: String = "SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK1;rport",
    extra: String = "",
    body: String = "hello",
    contentLength: String? = nil
) -> String {
    """
    \(method) sip:juliet@wonder.example SIP/2.0\r
    Via: \(via)\r
    Max-Forwards: 70\r
    From: <sip:romeo@sip.example>;tag=1\r
    To: <sip:juliet@wonder.example>\r
    Call-ID: a@b\r
    CSeq: 1 \(method)\r
    \(extra)Content-Length: \(contentLength ?? "\(body.utf8.count)")\r
    \r
    \(body)
    """
}

extension String {
    /// The value of a header field that stands alone in its line.
    func field(_ name: String) -> String? {
        for line in split(separator: "\r\n") where line.hasPrefix("\(name): ") {
            return String(line.dropFirst(name.count + 2))
        }
        return nil
    }

    var statusLine: String { split(separator: "\r\n").first.map { String($0) } ?? "" }
}
