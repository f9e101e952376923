import NIOCore
import NIOPosix
import SIPGrammar

/// A socket that takes connections.
struct StreamListener {
    let channel: any Channel
    /// The address as configured, with the port that is used.
    let endpoint: SIPEndpoint
    let bound: SocketAddress
    /// The address as a Via says it; nil for a wildcard, which says nothing.
    let host: SIPHost?

    init(_ channel: any Channel, _ endpoint: SIPEndpoint) throws {
        guard let bound = channel.localAddress, let address = IPAddress(bound) else {
            throw SIPListenError(endpoint, .notAvailable)
        }
        host = address.isUnspecified ? nil : SIPHost(address)
        self.channel = channel
        self.endpoint = SIPEndpoint(
            endpoint.transport,
            host: endpoint.host,
            port: bound.port ?? endpoint.port
        )
        self.bound = bound
    }

    static func bootstrap(
        _ loop: any EventLoop,
        exclusively: Bool,
        admit: @escaping @Sendable (any Channel) throws -> Void
    ) -> ServerBootstrap {
        ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { if exclusively { channel.leaveIPv4Alone() } }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try admit(channel) }
            }
    }
}
