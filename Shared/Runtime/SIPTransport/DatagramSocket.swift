import Logging
import NIOCore
import NIOPosix
import SIPGrammar

/// A UDP socket that is listened at and sent from.
struct DatagramSocket {
    /// Datagrams that one system call brings.
    private static let batch = 32
    /// The largest datagram there is.
    private static let largest = 65_536
    /// Bursts wait in the system's buffer while the loop does something else; the system may give less.
    private static let systemBuffer: SocketOptionValue = 4 * 1_048_576

    let channel: any Channel
    /// The address as configured, with the port that is used.
    let endpoint: SIPEndpoint
    let bound: SocketAddress
    /// The address as a Via says it; nil for a wildcard, which says nothing.
    let host: SIPHost?
    let isIPv4: Bool
    /// Whether an IPv6 socket takes IPv4 too.
    let isDualStack: Bool

    init(_ channel: any Channel, _ endpoint: SIPEndpoint, isDualStack: Bool) throws {
        guard let bound = channel.localAddress, let address = IPAddress(bound) else {
            throw SIPListenError(endpoint, .notAvailable)
        }
        self.channel = channel
        self.endpoint = SIPEndpoint(.udp, host: endpoint.host, port: bound.port ?? endpoint.port)
        self.bound = bound
        host = address.isUnspecified ? nil : SIPHost(address)
        isIPv4 = address.isIPv4
        self.isDualStack = isDualStack && !address.isIPv4 && address.isUnspecified
    }

    /// The address in the form that this socket's family has.
    func reachable(_ address: SocketAddress) -> SocketAddress {
        guard !isIPv4, case .v4 = address, let plain = IPAddress(address) else { return address }
        return plain.mappedSocketAddress(port: address.port ?? 0) ?? address
    }

    static func bootstrap(
        _ loop: any EventLoop,
        exclusively: Bool,
        handler: @escaping @Sendable () -> DatagramHandler
    ) -> DatagramBootstrap {
        DatagramBootstrap(group: loop)
            .channelOption(.datagramVectorReadMessageCount, value: batch)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: batch * largest))
            .channelOption(.socketOption(.so_rcvbuf), value: systemBuffer)
            .channelOption(.socketOption(.so_sndbuf), value: systemBuffer)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if exclusively { channel.leaveIPv4Alone() }
                    try channel.pipeline.syncOperations.addHandler(handler())
                }
            }
    }
}

/// Hands datagrams to the transport.
final class DatagramHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let transport: SIPTransport
    private let number: Int

    init(transport: SIPTransport, number: Int) {
        self.transport = transport
        self.number = number
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let datagram = unwrapInboundIn(data)
        guard let origin = MessageOrigin(.udp, path: .datagram(number), peer: datagram.remoteAddress) else {
            return
        }
        transport.take(datagram.data.readableBytesUInt8Span, from: origin)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A datagram that was refused somewhere: the socket goes on.
        transport.logger.debug("datagram socket error", metadata: ["error": "\(error)"])
    }
}
