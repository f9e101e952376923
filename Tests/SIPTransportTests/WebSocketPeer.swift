import NIOCore
import NIOPosix

/// A WebSocket's client, octet by octet, so that it can do what no client does.
struct WebSocketPeer {
    /// What a server sends: the lines of its answer, then frames.
    enum Letter: Hashable, Sendable {
        case answer(String)
        case text(String)
        case binary([UInt8])
        case pong(String)
        case ping
        case close(Int?)
    }

    let channel: any Channel
    let mailbox: Mailbox<Letter>

    static let handshake = """
        GET / HTTP/1.1\r
        Host: gw.sip.example\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        Origin: http://www.example.com\r
        Sec-WebSocket-Protocol: sip\r
        Sec-WebSocket-Version: 13\r
        \r\n
        """

    /// Connects and says nothing yet; `handlers` come before what reads.
    static func connect(
        to port: Int,
        under handlers: @escaping @Sendable () throws -> [any ChannelHandler] = { [] }
    ) async throws -> WebSocketPeer {
        let mailbox = Mailbox<Letter>()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(try handlers() + [FrameReader(mailbox)])
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return WebSocketPeer(channel: channel, mailbox: mailbox)
    }

    /// Connects and becomes a WebSocket.
    static func open(
        to port: Int,
        under handlers: @escaping @Sendable () throws -> [any ChannelHandler] = { [] }
    ) async throws -> WebSocketPeer {
        let peer = try await connect(to: port, under: handlers)
        try await peer.send(Array(handshake.utf8))
        guard case .answer(let head)? = await peer.next(), head.hasPrefix("HTTP/1.1 101 ") else {
            throw Refused()
        }
        return peer
    }

    struct Refused: Error {}

    func send(_ octets: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: octets))
    }

    func next() async -> Letter? { await mailbox.next() }

    /// A frame of a client.
    static func frame(
        _ opcode: UInt8,
        _ payload: some Sequence<UInt8>,
        fin: Bool = true,
        masked: Bool = true
    ) -> [UInt8] {
        let payload = Array(payload)
        let mark: UInt8 = masked ? 0x80 : 0
        var octets = [(fin ? 0x80 : 0) | opcode]
        switch payload.count {
        case ..<126: octets.append(mark | UInt8(payload.count))
        case ..<65_536: octets += [mark | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xff)]
        default: octets += [mark | 127] + (0..<8).reversed().map { UInt8(payload.count >> ($0 * 8) & 0xff) }
        }
        guard masked else { return octets + payload }
        let mask: [UInt8] = [1, 2, 3, 4]
        return octets + mask + payload.enumerated().map { $1 ^ mask[$0 % 4] }
    }
}

private final class FrameReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let mailbox: Mailbox<WebSocketPeer.Letter>
    private var octets: [UInt8] = []
    private var isUpgraded = false

    init(_ mailbox: Mailbox<WebSocketPeer.Letter>) {
        self.mailbox = mailbox
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        octets += unwrapInboundIn(data).readableBytesView
        if !isUpgraded {
            guard let end = octets.firstRange(of: Array("\r\n\r\n".utf8)) else { return }
            mailbox.put(.answer(String(decoding: octets[..<end.lowerBound], as: UTF8.self)))
            octets.removeFirst(end.upperBound)
            isUpgraded = true
        }
        while let letter = nextFrame() { mailbox.put(letter) }
    }

    private func nextFrame() -> WebSocketPeer.Letter? {
        guard octets.count >= 2 else { return nil }
        var (length, start) = (Int(octets[1] & 0x7f), 2)
        if length == 126 {
            guard octets.count >= 4 else { return nil }
            (length, start) = (Int(octets[2]) << 8 | Int(octets[3]), 4)
        }
        guard octets.count >= start + length else { return nil }
        let (opcode, payload) = (octets[0] & 0xf, Array(octets[start..<start + length]))
        octets.removeFirst(start + length)
        let text = String(decoding: payload, as: UTF8.self)
        switch opcode {
        case 1: return .text(text)
        case 2: return .binary(payload)
        case 8: return .close(payload.count < 2 ? nil : Int(payload[0]) << 8 | Int(payload[1]))
        case 9: return .ping
        default: return .pong(text)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        mailbox.close()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
