import NIOCore
import NIOSSL
import Synchronization
package import TransportSecurity
import XMPPStreams

/// TLS for one connection: who we are, whom we call, and whose certificate came back.
///
/// The handshake takes any certificate; whether it is good enough is for the stream's machine to say, which is told
/// who signed it and what names it has (RFC 6120 section 13.7.2).
package final class TLSSession: Sendable {
    private enum Role: Sendable {
        case server
        case client(of: String)
    }

    private let role: Role
    private let contexts: TLSContexts
    private let chain = Mutex<[NIOSSLCertificate]>([])

    /// TLS on a connection that was opened to us.
    package init(serverWith contexts: TLSContexts) {
        role = .server
        self.contexts = contexts
    }

    /// TLS on a connection that we opened to the service of a domain.
    package init(clientOf domain: String, with contexts: TLSContexts) {
        role = .client(of: domain)
        self.contexts = contexts
    }

    func handler() throws -> any ChannelHandler {
        let note: NIOSSLCustomVerificationCallback = { [self] certificates, promise in
            chain.withLock { $0 = certificates }
            promise.succeed(.certificateVerified)
        }
        switch role {
        case .server:
            return NIOSSLServerHandler(context: contexts.server, customVerificationCallback: note)
        case .client(of: let domain):
            let name = ASCIIDomain.of(domain)
            do {
                return try NIOSSLClientHandler(
                    context: contexts.client,
                    serverHostname: name,
                    customVerificationCallback: note
                )
            } catch is NIOSSLExtraError {
                // Addresses and odd names have no place in Server Name Indication (RFC 6066 section 3).
                return try NIOSSLClientHandler(
                    context: contexts.client,
                    serverHostname: nil,
                    customVerificationCallback: note
                )
            }
        }
    }

    /// What the peer's certificate says; never fails.
    func certificate(on loop: any EventLoop) -> EventLoopFuture<PeerCertificate?> {
        let chain = chain.withLock(\.self)
        guard !chain.isEmpty else { return loop.makeSucceededFuture(nil) }
        let trust = contexts.usual.trust
        return loop.makeFutureWithTask { PeerCertificate(await trust.examine(chain)) }
            .flatMapErrorThrowing { _ in nil }
    }
}
