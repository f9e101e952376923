import NIOCore
import NIOPosix
import SIPTransport

/// A phone that speaks in text.
struct Peer {
    let channel: any Channel
    let transport: TransportProtocol
    let target: Int
    private let letters: Letters<String>

    static func open(_ transport: TransportProtocol, to target: Int) async throws -> Peer {
        let letters = Letters<String>()
        let channel: any Channel
        switch transport {
        case .udp:
            channel = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(DatagramEar(letters))
                    }
                }
                .bind(host: "127.0.0.1", port: 0).get()
        case .tcp, .tls, .ws, .wss:
            channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(StreamEar(letters))
                    }
                }
                .connect(host: "127.0.0.1", port: target).get()
        }
        return Peer(channel: channel, transport: transport, target: target, letters: letters)
    }

    var port: Int { channel.localAddress?.port ?? 0 }

    func send(_ text: String, to port: Int? = nil) async throws {
        switch transport {
        case .udp:
            let address = try SocketAddress(ipAddress: "127.0.0.1", port: port ?? target)
            try await channel.writeAndFlush(
                AddressedEnvelope(remoteAddress: address, data: ByteBuffer(string: text))
            )
        case .tcp, .tls, .ws, .wss:
            try await channel.writeAndFlush(ByteBuffer(string: text))
        }
    }

    func next() async -> String? { await letters.next() }
}

private final class DatagramEar: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    private let letters: Letters<String>

    init(_ letters: Letters<String>) {
        self.letters = letters
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let data = unwrapInboundIn(data).data
        // Empty lines ask whether anybody listens.
        if data.readableBytes > 4 { letters.put(String(buffer: data)) }
    }
}

private final class StreamEar: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let letters: Letters<String>

    init(_ letters: Letters<String>) {
        self.letters = letters
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        letters.put(String(buffer: unwrapInboundIn(data)))
    }
}
