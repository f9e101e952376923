import FoundationEssentials
package import NIOSSL
import SwiftASN1
import X509
package import XMPPStreams

/// Whose signature makes a peer's certificate worth anything.
package struct TLSTrust: Sendable {
    private let roots: CertificateStore
    /// Named one by one: trusted as they are, whoever signed them and whether or not they are authorities.
    private let pinned: Set<Certificate>

    /// The authorities that the operating system trusts.
    package static var system: TLSTrust { TLSTrust(roots: .systemTrustRoots, pinned: []) }

    /// The certificates of a PEM file: authorities, or peers' own.
    package static func file(_ path: String) throws -> TLSTrust {
        let certificates = try NIOSSLCertificate.fromPEMFile(path)
        return try TLSTrust(certificates)
    }

    package init(_ certificates: [NIOSSLCertificate]) throws {
        pinned = Set(try certificates.map { try Certificate(derEncoded: try $0.toDERBytes()) })
        roots = CertificateStore(pinned)
    }

    private init(roots: CertificateStore, pinned: Set<Certificate>) {
        self.roots = roots
        self.pinned = pinned
    }

    /// Reads a chain, its leaf first.
    ///
    /// The purposes that a certificate names are not looked at: public authorities no longer sign for
    /// clients, and servers are both (RFC 6120 section 13.7.1.1 asks for no purpose).
    package func examine(_ chain: [NIOSSLCertificate]) async -> PeerCertificate {
        let certificates = chain.compactMap { try? Certificate(derEncoded: $0.toDERBytes()) }
        guard let leaf = certificates.first, certificates.count == chain.count else {
            return PeerCertificate(isTrusted: false, names: [])
        }
        let names = Self.names(of: leaf)
        if pinned.contains(leaf) {
            let now = Date()
            let isCurrent = leaf.notValidBefore <= now && now <= leaf.notValidAfter
            return PeerCertificate(isTrusted: isCurrent, names: names)
        }
        var verifier = Verifier(rootCertificates: roots) { RFC5280Policy() }
        let intermediates = CertificateStore(certificates.dropFirst())
        let result = await verifier.validate(leaf: leaf, intermediates: intermediates)
        switch result {
        case .validCertificate: return PeerCertificate(isTrusted: true, names: names)
        case .couldNotValidate: return PeerCertificate(isTrusted: false, names: names)
        }
    }

    private static func names(of certificate: Certificate) -> [String] {
        guard let names = try? certificate.extensions.subjectAlternativeNames else { return [] }
        return names.compactMap { name in
            guard case .dnsName(let domain) = name else { return nil }
            return domain
        }
    }
}
