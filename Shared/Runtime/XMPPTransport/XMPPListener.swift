package import NIOCore
import NIOPosix

/// Takes connections at one address.
package final class XMPPListener: @unchecked Sendable {
    // All state is touched on the event loop alone.
    private let loop: any EventLoop
    private let limits: ConnectionLimits
    private let mostConnections: Int
    private let accept: (XMPPConnection) -> Void
    private var count = 0
    private var channel: (any Channel)?

    /// Prepares it; nothing happens yet.
    ///
    /// `mostConnections`: further ones are closed at once.
    /// `accept`: is given each connection, on the loop, before anything is read from it.
    package init(
        loop: any EventLoop,
        limits: ConnectionLimits,
        mostConnections: Int,
        accept: @escaping (XMPPConnection) -> Void
    ) {
        self.loop = loop
        self.limits = limits
        self.mostConnections = mostConnections
        self.accept = accept
    }

    /// Begins to listen; the address that it listens at, which tells the port that was chosen for port 0.
    package func bind(host: String, port: Int) async throws -> SocketAddress? {
        let bootstrap = ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.so_keepalive), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture { try admit(channel) }
            }
        let channel = try await bootstrap.bind(host: host, port: port).get()
        try await loop.submit { [self] in self.channel = channel }.get()
        return channel.localAddress
    }

    /// Takes no more connections; those that there are stay.
    package func close() async {
        let channel = try? await loop.submit { [self] in self.channel }.get()
        try? await channel?.close().get()
    }

    private func admit(_ channel: any Channel) throws {
        guard count < mostConnections else {
            channel.close(promise: nil)
            return
        }
        count += 1
        channel.closeFuture.assumeIsolated().whenComplete { [self] _ in count -= 1 }
        let connection = XMPPConnection(limits: limits)
        try channel.pipeline.syncOperations.addHandler(connection)
        channel.limitSilence(to: limits)
        accept(connection)
    }
}

extension Channel {
    /// Counts a connection as lost when what was sent stays unacknowledged (tcp(7), TCP_USER_TIMEOUT).
    func limitSilence(to limits: ConnectionLimits) {
        let milliseconds = ChannelOptions.Types.SocketOption.Value(
            limits.unacknowledged.nanoseconds / 1_000_000
        )
        let option = ChannelOptions.Types.SocketOption(level: .tcp, name: .tcpUserTimeout)
        _ = setOption(option, value: milliseconds)
    }
}

extension NIOBSDSocket.Option {
    /// TCP_USER_TIMEOUT of linux/tcp.h.
    fileprivate static let tcpUserTimeout = NIOBSDSocket.Option(rawValue: 18)
}
