import NIOCore
import NIOSSL
import NIOTLS
import TransportSecurity

/// Sees one TLS handshake through, and leaves.
final class TLSGreeting: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let handler: NIOSSLHandler
    private let examination: TLSExamination
    private let secured: ([String]) throws -> Void
    private let failed: (TLSFault) -> Void

    /// Watches a handshake.
    ///
    /// `secured`: is told the SIP domains that the peer has proven to be.
    private init(
        _ handler: NIOSSLHandler,
        _ examination: TLSExamination,
        secured: @escaping ([String]) throws -> Void,
        failed: @escaping (TLSFault) -> Void
    ) {
        self.handler = handler
        self.examination = examination
        self.secured = secured
        self.failed = failed
    }

    /// Puts TLS under a connection that was made to us.
    ///
    /// `asks`: whether the client is asked who it is.
    static func install(
        serverOn channel: any Channel,
        _ contexts: TLSContexts,
        asks: Bool,
        secured: @escaping ([String]) throws -> Void,
        failed: @escaping (TLSFault) -> Void
    ) throws {
        // Who shows no certificate, or one that proves nothing, is a stranger and may be one (RFC 5922 section 7.4).
        let examination = contexts.examination(for: .sip) { _ in nil }
        let handler = NIOSSLServerHandler(
            context: asks ? contexts.server : contexts.serverOfStrangers,
            customVerificationCallback: examination.verify,
            configuration: .frugal
        )
        try channel.pipeline.syncOperations.addHandlers(
            handler,
            TLSGreeting(handler, examination, secured: secured, failed: failed)
        )
    }

    /// Puts TLS under a connection that we made to somebody of whom it is known who he must be.
    static func install(
        clientOn channel: any Channel,
        _ contexts: TLSContexts,
        demanding name: String,
        secured: @escaping ([String]) throws -> Void,
        failed: @escaping (TLSFault) -> Void
    ) throws {
        let examination = contexts.examination(for: .sip) { certificate in
            if let fault = certificate.fault { return fault }
            if DomainIdentities.does(certificate.names, prove: name) { return nil }
            return TLSFault(
                .wrongName,
                "the certificate is for \(certificate.names.summary), not for \(name)"
            )
        }
        let handler: NIOSSLClientHandler
        do {
            handler = try client(contexts, naming: name, examination)
        } catch is NIOSSLExtraError {
            // Addresses and odd names have no place in Server Name Indication (RFC 6066 section 3).
            handler = try client(contexts, naming: nil, examination)
        }
        try channel.pipeline.syncOperations.addHandlers(
            handler,
            TLSGreeting(handler, examination, secured: secured, failed: failed)
        )
    }

    private static func client(
        _ contexts: TLSContexts,
        naming name: String?,
        _ examination: TLSExamination
    ) throws -> NIOSSLClientHandler {
        try NIOSSLClientHandler(
            context: contexts.client,
            serverHostname: name,
            customVerificationCallback: examination.verify,
            configuration: .frugal
        )
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent {
            examination.complete(showing: handler.peerCertificate)
            do {
                try secured(proven)
                context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
            } catch {
                context.close(promise: nil)
            }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        failed(fault(error))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        failed(examination.fault ?? Self.gone)
        context.fireChannelInactive()
    }

    private var proven: [String] {
        guard let certificate = examination.certificate, certificate.isTrusted else { return [] }
        return DomainIdentities.of(certificate.names)
    }

    private static let gone = TLSFault(.closed, "the peer went away during the TLS handshake")

    private func fault(_ error: any Error) -> TLSFault {
        if let fault = examination.fault { return fault }
        guard case NIOSSLError.handshakeFailed(let cause) = error else {
            return TLSFault(.closed, "the TLS handshake broke off: \(error)")
        }
        if case .sslError(let stack) = cause, stack == [.eofDuringHandshake] { return Self.gone }
        return TLSFault(.handshake, "the TLS handshake failed: \(cause)")
    }
}

extension NIOSSLHandler.Configuration {
    /// Keeps little memory for a connection that is quiet.
    fileprivate static var frugal: NIOSSLHandler.Configuration {
        var configuration = NIOSSLHandler.Configuration()
        configuration.maximumPreservedOutboundBufferCapacity = 512
        return configuration
    }
}
