import Crypto
import FoundationEssentials
import NIOSSL
import SwiftASN1
package import TransportSecurity
import X509

/// An authority that signs what a test asks for.
package struct TestAuthority: Sendable {
    private let key: Certificate.PrivateKey
    private let certificate: Certificate

    package init(_ name: String = "Test Authority") throws {
        key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        certificate = try Self.certificate(
            CertificateOrder().but { $0.commonName = name },
            for: key,
            by: nil,
            isAuthority: true
        )
    }

    /// Trust in this authority and no other.
    package var trust: TLSTrust {
        get throws { try TLSTrust([NIOSSLCertificate(bytes: Array(pem.utf8), format: .pem)]) }
    }

    /// Its certificate.
    package var pem: String {
        get throws { try certificate.serializeAsPEM().pemString }
    }

    /// A certificate that it has signed, and its key.
    package func issue(_ order: CertificateOrder) throws -> TLSIdentity {
        let files = try issuePEM(order)
        return try TLSIdentity(certificates: files.certificate, key: files.key)
    }

    package func issuePEM(_ order: CertificateOrder) throws -> (certificate: String, key: String) {
        let own = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let issued = try Self.certificate(order, for: own, by: (certificate.subject, key), isAuthority: false)
        return (try issued.serializeAsPEM().pemString, try own.serializeAsPEM().pemString)
    }

    /// Credentials of a peer that trusts this authority.
    package func credentials(_ order: CertificateOrder) throws -> TLSCredentials {
        TLSCredentials(try issue(order), trust: try trust)
    }

    private static func certificate(
        _ order: CertificateOrder,
        for key: Certificate.PrivateKey,
        by issuer: (name: DistinguishedName, key: Certificate.PrivateKey)?,
        isAuthority: Bool
    ) throws -> Certificate {
        let subject = try DistinguishedName { CommonName(order.commonName) }
        let now = Date()
        return try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: key.publicKey,
            notValidBefore: now + order.begins,
            notValidAfter: now + order.ends,
            issuer: issuer?.name ?? subject,
            subject: subject,
            extensions: order.extensions(isAuthority: isAuthority),
            issuerPrivateKey: issuer?.key ?? key
        )
    }
}
