import FoundationEssentials
import NIOSSL
import Synchronization

/// Remembers which certificates were found good, for who resumes a session shows none (RFC 8446 section 2.2).
///
/// It lives as long as the contexts whose sessions can be resumed, so that new authorities begin with an empty memory.
final class ExaminedPeers: Sendable {
    /// More certificates than peers that prove anything to us.
    private static let capacity = 1_024

    private let known = Mutex<[NIOSSLCertificate: ExaminedCertificate]>([:])

    func remember(_ leaf: NIOSSLCertificate, _ certificate: ExaminedCertificate) {
        guard certificate.isTrusted else { return }
        known.withLock { known in
            if known.count >= Self.capacity { known.removeAll() }
            known[leaf] = certificate
        }
    }

    /// What was found of a certificate that is valid still.
    func recall(_ leaf: NIOSSLCertificate) -> ExaminedCertificate? {
        guard Double(leaf.notValidAfter) > Date().timeIntervalSince1970 else { return nil }
        return known.withLock { $0[leaf] }
    }
}
