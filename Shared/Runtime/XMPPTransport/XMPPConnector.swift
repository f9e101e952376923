package import NIOCore
import NIOPosix

/// Opens connections.
package struct XMPPConnector: Sendable {
    private let loop: any EventLoop
    private let limits: ConnectionLimits

    package init(loop: any EventLoop, limits: ConnectionLimits) {
        self.loop = loop
        self.limits = limits
    }

    /// Connects to an address of IPv4 or IPv6.
    package func connect(address: String, port: Int) -> EventLoopFuture<XMPPConnection> {
        let limits = limits
        let target: SocketAddress
        do {
            target = try SocketAddress(ipAddress: address, port: port)
        } catch {
            return loop.makeFailedFuture(error)
        }
        let connection = XMPPConnection(limits: limits)
        return ClientBootstrap(group: loop)
            .connectTimeout(limits.connect)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(connection)
                    channel.limitSilence(to: limits)
                }
            }
            .connect(to: target)
            .map { _ in connection }
    }
}
