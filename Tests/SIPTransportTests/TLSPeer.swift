import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import Synchronization
import TransportSecurity

/// A client that speaks TLS, takes any certificate, and talks SIP in text.
struct TLSPeer {
    let stream: StreamPeer
    /// The names for the DNS in the certificate that the server showed.
    let names: [String]

    /// Connects; throws when the handshake fails.
    ///
    /// `context`: without one, no certificate is shown.
    static func connect(
        to port: Int,
        naming name: String? = nil,
        with context: NIOSSLContext? = nil
    ) async throws -> TLSPeer {
        let context = try context ?? TLSContexts(.stranger).client
        let (shown, mailbox) = (Shown(), Mailbox<String>())
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let secured = loop.makePromise(of: Void.self)
        let channel = try await ClientBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = try NIOSSLClientHandler(
                        context: context,
                        serverHostname: name,
                        customVerificationCallback: shown.note
                    )
                    try channel.pipeline.syncOperations.addHandlers(
                        handler,
                        HandshakeWatch(secured),
                        StreamReader(mailbox)
                    )
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        try await secured.futureResult.get()
        let names = await TLSTrust.system.examine(shown.chain.withLock(\.self)).names.dns
        return TLSPeer(stream: StreamPeer(channel: channel, mailbox: mailbox), names: names)
    }

    private final class Shown: Sendable {
        let chain = Mutex<[NIOSSLCertificate]>([])

        func note(_ certificates: [NIOSSLCertificate], _ promise: EventLoopPromise<NIOSSLVerificationResult>)
        {
            chain.withLock { $0 = certificates }
            promise.succeed(.certificateVerified)
        }
    }
}

extension TLSCredentials {
    /// One who shows no certificate as a client, and trusts nobody.
    static var stranger: TLSCredentials {
        get throws { TLSCredentials(try .selfSigned(for: ["stranger.example"]), trust: try TLSTrust([])) }
    }
}

/// Says how a handshake went.
private final class HandshakeWatch: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let secured: EventLoopPromise<Void>

    init(_ secured: EventLoopPromise<Void>) {
        self.secured = secured
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent { secured.succeed() }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        secured.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        secured.fail(ChannelError.eof)
        context.fireChannelInactive()
    }
}
