import NIOCore
import NIOPosix

/// Finds out whether a UDP port is closed.
///
/// The system tells a listening socket nothing about datagrams that were refused, for it sends to many. A socket that is
/// connected to one destination is told: it sends an empty line, which SIP ignores (RFC 3261 section 7.5), and hears of
/// ICMP port unreachable. Probes are made only for destinations that did not answer at once, and one at a time for each.
final class ReachabilityProbes: @unchecked Sendable {
    // All mutable state is touched on `loop` alone.

    /// How long a refusal may take to come back.
    private static let patience = TimeAmount.seconds(2)
    private static let most = 64

    private let loop: any EventLoop
    private var running: Set<SocketAddress> = []

    init(loop: any EventLoop) {
        self.loop = loop
    }

    func probe(_ address: SocketAddress, refused: @escaping () -> Void) {
        guard running.count < Self.most, running.insert(address).inserted else { return }
        let probe = NIOLoopBound(Probe(refused: refused), eventLoop: loop)
        DatagramBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(probe.value)
                }
            }
            .connect(to: address)
            .assumeIsolated()
            .whenComplete { [self] result in
                switch result {
                case .success(let channel): watch(channel, address)
                case .failure: running.remove(address)
                }
            }
    }

    private func watch(_ channel: any Channel, _ address: SocketAddress) {
        channel.closeFuture.assumeIsolated().whenComplete { [self] _ in running.remove(address) }
        channel.writeAndFlush(ByteBuffer(string: "\r\n\r\n"), promise: nil)
        loop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
    }
}

private final class Probe: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let refused: () -> Void
    private var isOver = false

    init(refused: @escaping () -> Void) {
        self.refused = refused
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isOver, SendFailure(error) == .refused else { return }
        isOver = true
        refused()
        context.close(promise: nil)
    }
}
