package import NIOSSL
import SwiftASN1
import X509
package import XMPPStreams

/// Whose signature makes a peer's certificate worth anything.
package struct TLSTrust: Sendable {
    private let roots: CertificateStore

    /// The authorities that the operating system trusts.
    package static var system: TLSTrust { TLSTrust(roots: .systemTrustRoots) }

    /// The authorities of a PEM file.
    package static func file(_ path: String) throws -> TLSTrust {
        let certificates = try NIOSSLCertificate.fromPEMFile(path)
        return try TLSTrust(certificates)
    }

    package init(_ authorities: [NIOSSLCertificate]) throws {
        roots = CertificateStore(try authorities.map { try Certificate(derEncoded: try $0.toDERBytes()) })
    }

    private init(roots: CertificateStore) {
        self.roots = roots
    }

    /// Reads a chain, its leaf first. The purposes that a certificate names are not looked at: public authorities no
    /// longer sign for clients, and servers are both (RFC 6120 section 13.7.1.1 asks for no purpose).
    package func examine(_ chain: [NIOSSLCertificate]) async -> PeerCertificate {
        let certificates = chain.compactMap { try? Certificate(derEncoded: $0.toDERBytes()) }
        guard let leaf = certificates.first, certificates.count == chain.count else {
            return PeerCertificate(isTrusted: false, names: [])
        }
        var verifier = Verifier(rootCertificates: roots) { RFC5280Policy() }
        let result = await verifier.validate(
            leaf: leaf,
            intermediates: CertificateStore(certificates.dropFirst())
        )
        let isTrusted =
            switch result {
            case .validCertificate: true
            case .couldNotValidate: false
            }
        return PeerCertificate(isTrusted: isTrusted, names: Self.names(of: leaf))
    }

    private static func names(of certificate: Certificate) -> [String] {
        guard let names = try? certificate.extensions.subjectAlternativeNames else { return [] }
        return names.compactMap { name in
            guard case .dnsName(let domain) = name else { return nil }
            return domain
        }
    }
}
