import FoundationEssentials
package import NIOSSL
import SwiftASN1
import X509

/// Whose signature makes a peer's certificate worth anything.
package struct TLSTrust: Sendable {
    private let roots: CertificateStore
    /// Named one by one: trusted as they are, whoever signed them and whether or not they are authorities.
    private let pinned: Set<Certificate>

    /// No honest chain is longer, and strangers shall not have us verify more.
    private static let longestChain = 10

    /// The authorities that the operating system trusts.
    package static var system: TLSTrust { TLSTrust(roots: .systemTrustRoots, pinned: []) }

    /// The certificates of a PEM file: authorities, or peers' own.
    package static func file(_ path: String) throws -> TLSTrust {
        try TLSTrust(NIOSSLCertificate.fromPEMFile(path))
    }

    package init(_ certificates: [NIOSSLCertificate]) throws {
        pinned = Set(try certificates.map { try Certificate(derEncoded: try $0.toDERBytes()) })
        roots = CertificateStore(pinned)
    }

    private init(roots: CertificateStore, pinned: Set<Certificate>) {
        self.roots = roots
        self.pinned = pinned
    }

    /// Judges a chain, its leaf first; whether its names are the right ones is for the caller to say.
    package func examine(
        _ chain: [NIOSSLCertificate],
        for purpose: CertificatePurpose = .anything
    ) async -> ExaminedCertificate {
        guard chain.count <= Self.longestChain else {
            return ExaminedCertificate(
                names: CertificateNames(hasAlternatives: false),
                fault: TLSFault(.chain, "the certificate's chain is longer than \(Self.longestChain)")
            )
        }
        let certificates = chain.compactMap { try? Certificate(derEncoded: $0.toDERBytes()) }
        guard let leaf = certificates.first, certificates.count == chain.count else {
            let fault =
                chain.isEmpty
                ? TLSFault(.noCertificate, "no certificate was shown")
                : TLSFault(.unreadable, "the certificate cannot be read")
            return ExaminedCertificate(names: CertificateNames(hasAlternatives: false), fault: fault)
        }
        var fault = Self.untimely(leaf, at: Date())
        if fault == nil, !purpose.allows(leaf) {
            fault = TLSFault(.purpose, "the certificate is for other purposes than SIP")
        }
        if fault == nil, !pinned.contains(leaf) {
            fault = await verify(leaf, CertificateStore(certificates.dropFirst()))
        }
        return ExaminedCertificate(names: CertificateNames(leaf), fault: fault)
    }

    private func verify(_ leaf: Certificate, _ intermediates: CertificateStore) async -> TLSFault? {
        var verifier = Verifier(rootCertificates: roots) {
            RFC5280Policy()
            PurposePolicy()
        }
        switch await verifier.validate(leaf: leaf, intermediates: intermediates) {
        case .validCertificate: return nil
        case .couldNotValidate(let failures):
            if leaf.issuer == leaf.subject {
                return TLSFault(.selfSigned, "the certificate is self-signed and not among those trusted")
            }
            guard let failure = failures.first else {
                return TLSFault(
                    .unknownAuthority,
                    "the certificate is signed by an authority that is not trusted: \(leaf.issuer)"
                )
            }
            return TLSFault(.chain, "the certificate's chain is not valid: \(failure.policyFailureReason)")
        }
    }

    private static func untimely(_ certificate: Certificate, at now: Date) -> TLSFault? {
        if certificate.notValidAfter < now {
            return TLSFault(
                .expired,
                "the certificate has expired at \(certificate.notValidAfter.formatted(.iso8601))"
            )
        }
        guard certificate.notValidBefore > now else { return nil }
        let start = certificate.notValidBefore.formatted(.iso8601)
        return TLSFault(.notYetValid, "the certificate is not valid before \(start)")
    }
}
