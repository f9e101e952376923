import TransportSecurity
import XMPPStreams

extension PeerCertificate {
    /// What streams care about: the purposes of a certificate are not among it (RFC 6120 section 13.7.1.1).
    init(_ examined: ExaminedCertificate) {
        self.init(isTrusted: examined.isTrusted, names: examined.names.dns)
    }
}
