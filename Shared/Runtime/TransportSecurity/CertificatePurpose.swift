import SwiftASN1
import X509

/// What a certificate must be good for, beyond being valid.
package enum CertificatePurpose: Hashable, Sendable {
    /// Purposes are not looked at: public authorities no longer sign for clients, and servers are both.
    case anything
    /// One end of SIP over TLS: purposes may be absent; if they are there, they must name one that fits (RFC 5924
    /// section 4; certificates for TLS servers and clients are older than it and everywhere).
    case sip

    /// id-kp-sipDomain (RFC 5924 section 3).
    private static let sipDomain: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 3, 20]

    private static let sipPurposes: Set<ASN1ObjectIdentifier> = [
        .ExtendedKeyUsage.any, .ExtendedKeyUsage.serverAuth, .ExtendedKeyUsage.clientAuth, sipDomain,
    ]

    func allows(_ certificate: Certificate) -> Bool {
        switch self {
        case .anything: return true
        case .sip:
            guard let stated = certificate.extensions[oid: .X509ExtensionID.extendedKeyUsage] else {
                return true
            }
            guard let usages = try? ExtendedKeyUsage(stated) else { return false }
            return usages.contains { usage in
                Self.sipPurposes.contains { ExtendedKeyUsage.Usage(oid: $0) == usage }
            }
        }
    }
}

/// Says that purposes are understood, so that a certificate which calls them critical is not refused for it;
/// ``CertificatePurpose`` judges them.
struct PurposePolicy: VerifierPolicy {
    let verifyingCriticalExtensions: [ASN1ObjectIdentifier] = [.X509ExtensionID.extendedKeyUsage]

    func chainMeetsPolicyRequirements(chain: UnverifiedCertificateChain) async -> PolicyEvaluationResult {
        .meetsPolicy
    }
}
