package import NIOCore
package import NIOSSL
import Synchronization

/// What a handshake found out about the peer's certificate.
///
/// Made for one handshake: its ``verify`` is the handshake's verification, off the event loop; afterwards ``result``
/// says what came of it.
package final class TLSExamination: Sendable {
    package typealias Judgement = @Sendable (ExaminedCertificate) -> TLSFault?

    private let trust: TLSTrust
    private let purpose: CertificatePurpose
    private let judge: Judgement
    private let peers: ExaminedPeers
    private let state = Mutex<(certificate: ExaminedCertificate?, fault: TLSFault?)>((nil, nil))

    /// Prepares it.
    ///
    /// `judge`: says why a certificate is not good enough for the handshake to go on, if it is not.
    init(trust: TLSTrust, purpose: CertificatePurpose, peers: ExaminedPeers, judge: @escaping Judgement) {
        self.trust = trust
        self.purpose = purpose
        self.peers = peers
        self.judge = judge
    }

    /// The certificate that was shown; nil if none was.
    package var certificate: ExaminedCertificate? { state.withLock(\.certificate) }

    /// Why the handshake was broken off, if it was for the certificate's sake.
    package var fault: TLSFault? { state.withLock(\.fault) }

    /// The handshake is over; if it resumed a session, the certificate is the one that the session began with.
    package func complete(showing leaf: NIOSSLCertificate?) {
        guard let leaf, let known = peers.recall(leaf) else { return }
        state.withLock { state in
            if state.certificate == nil { state.certificate = known }
        }
    }

    package func verify(_ chain: [NIOSSLCertificate], _ promise: EventLoopPromise<NIOSSLVerificationResult>) {
        promise.completeWithTask { [self] in
            let certificate = await trust.examine(chain, for: purpose)
            let fault = judge(certificate)
            if let leaf = chain.first { peers.remember(leaf, certificate) }
            state.withLock { $0 = (certificate, fault) }
            return fault == nil ? .certificateVerified : .failed
        }
    }
}
