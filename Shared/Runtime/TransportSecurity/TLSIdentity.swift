import Crypto
import FoundationEssentials
package import NIOSSL
import SwiftASN1
import X509

/// A certificate with its chain and its private key.
package struct TLSIdentity: Sendable {
    let chain: [NIOSSLCertificate]
    let key: NIOSSLPrivateKey
    /// Whether somebody chose it, so that it may prove who we are; one made at start proves nothing.
    package let wasConfigured: Bool

    /// Reads PEM files.
    package init(certificateFile: String, keyFile: String) throws {
        chain = try NIOSSLCertificate.fromPEMFile(certificateFile)
        key = try NIOSSLPrivateKey(file: keyFile, format: .pem)
        wasConfigured = true
    }

    /// Takes a chain and a key in PEM.
    package init(certificates: String, key: String) throws {
        chain = try NIOSSLCertificate.fromPEMBytes(Array(certificates.utf8))
        self.key = try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem)
        wasConfigured = true
    }

    /// Makes a certificate that nobody has signed, for peers that take any.
    ///
    /// `isTrusted`: whether somebody was told to trust it, so that it may prove who we are.
    package static func selfSigned(for domains: [String], isTrusted: Bool = false) throws -> TLSIdentity {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let name = try DistinguishedName { CommonName(domains.first ?? "causeway") }
        let now = Date()
        let certificate = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: key.publicKey,
            notValidBefore: now - 3_600,
            notValidAfter: now + 3_650 * 86_400,
            issuer: name,
            subject: name,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                SubjectAlternativeNames(domains.map { .dnsName($0) })
            },
            issuerPrivateKey: key
        )
        var serializer = DER.Serializer()
        try certificate.serialize(into: &serializer)
        return TLSIdentity(
            chain: [try NIOSSLCertificate(bytes: serializer.serializedBytes, format: .der)],
            key: try NIOSSLPrivateKey(bytes: Array(try key.serializeAsPEM().pemString.utf8), format: .pem),
            wasConfigured: isTrusted
        )
    }

    private init(chain: [NIOSSLCertificate], key: NIOSSLPrivateKey, wasConfigured: Bool) {
        self.chain = chain
        self.key = key
        self.wasConfigured = wasConfigured
    }

    /// The certificates, so that a test can trust them.
    package var certificates: [NIOSSLCertificate] { chain }

    /// Whom the certificate names.
    package var names: CertificateNames {
        guard let octets = try? chain.first?.toDERBytes(), let leaf = try? Certificate(derEncoded: octets)
        else {
            return CertificateNames(hasAlternatives: false)
        }
        return CertificateNames(leaf)
    }
}
