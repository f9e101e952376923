import FoundationEssentials
import SwiftASN1
package import X509

/// What a certificate of a test is to say.
package struct CertificateOrder: Sendable {
    package var dns: [String] = []
    package var uris: [String] = []
    package var addresses: [[UInt8]] = []
    package var commonName = "test"
    /// Seconds from now.
    package var begins: Double = -3_600
    package var ends: Double = 86_400
    package var purposes: [ExtendedKeyUsage.Usage] = []

    package init(_ dns: String...) {
        self.dns = dns
    }

    /// The same, changed.
    package func but(_ change: (inout CertificateOrder) -> Void) -> CertificateOrder {
        var order = self
        change(&order)
        return order
    }

    func extensions(isAuthority: Bool) throws -> Certificate.Extensions {
        let names =
            dns.map { GeneralName.dnsName($0) } + uris.map { .uniformResourceIdentifier($0) }
            + addresses.map { .ipAddress(ASN1OctetString(contentBytes: $0[...])) }
        return try Certificate.Extensions {
            if isAuthority {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
            } else {
                Critical(BasicConstraints.notCertificateAuthority)
            }
            if !names.isEmpty { SubjectAlternativeNames(names) }
            if !purposes.isEmpty { Critical(try ExtendedKeyUsage(purposes)) }
        }
    }
}
