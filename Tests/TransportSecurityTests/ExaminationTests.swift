import NIOSSL
import SwiftASN1
import TLSTestKit
import Testing
import TransportSecurity
import X509

struct ExaminationTests {
    private let authority: TestAuthority
    private let trust: TLSTrust

    init() throws {
        authority = try TestAuthority()
        trust = try authority.trust
    }

    private func examine(
        _ order: CertificateOrder,
        for purpose: CertificatePurpose = .anything
    ) async throws -> ExaminedCertificate {
        await trust.examine(try authority.issue(order).certificates, for: purpose)
    }

    @Test func `an authority's word is taken, and the names are read`() async throws {
        let order = CertificateOrder("a.example", "b.example").but {
            $0.uris = ["sip:c.example"]
            $0.addresses = [[192, 0, 2, 1]]
            $0.commonName = "d.example"
        }
        let examined = try await examine(order)
        #expect(examined.isTrusted)
        #expect(
            examined.names
                == CertificateNames(
                    dns: ["a.example", "b.example"],
                    uris: ["sip:c.example"],
                    addresses: [[192, 0, 2, 1]],
                    commonName: "d.example"
                )
        )
        let bare = try await examine(CertificateOrder().but { $0.commonName = "d.example" })
        #expect(bare.names == CertificateNames(commonName: "d.example", hasAlternatives: false))
    }

    @Test(arguments: [
        (CertificateOrder("a.example").but { $0.ends = -1 }, TLSFault.Reason.expired),
        (CertificateOrder("a.example").but { $0.begins = 3_600 }, TLSFault.Reason.notYetValid),
        (CertificateOrder("a.example").but { $0.purposes = [.emailProtection] }, TLSFault.Reason.purpose),
    ])
    func `says what is wrong with a certificate`(
        _ order: CertificateOrder,
        _ reason: TLSFault.Reason
    ) async throws {
        #expect(try await examine(order, for: .sip).fault?.reason == reason)
    }

    @Test(arguments: [
        [], [ExtendedKeyUsage.Usage.any], [ExtendedKeyUsage.Usage.serverAuth],
        [ExtendedKeyUsage.Usage.clientAuth],
        [ExtendedKeyUsage.Usage(oid: [1, 3, 6, 1, 5, 5, 7, 3, 20])],
    ])
    func `knows the purposes that SIP may have, critical or absent`(
        _ purposes: [ExtendedKeyUsage.Usage]
    ) async throws {
        let order = CertificateOrder("a.example").but { $0.purposes = purposes }
        #expect(try await examine(order, for: .sip).isTrusted)
    }

    @Test func `purposes are nothing to whoever does not ask`() async throws {
        #expect(
            try await examine(CertificateOrder("a.example").but { $0.purposes = [.codeSigning] }).isTrusted
        )
    }

    @Test func `tells the unknown from the self-signed from nothing`() async throws {
        let foreign = try TestAuthority("Another").issue(CertificateOrder("a.example"))
        #expect(await trust.examine(foreign.certificates).fault?.reason == .unknownAuthority)
        let own = try TLSIdentity.selfSigned(for: ["a.example"])
        #expect(await trust.examine(own.certificates).fault?.reason == .selfSigned)
        #expect(await trust.examine([]).fault?.reason == .noCertificate)
        let long = Array(repeating: own.certificates, count: 20).flatMap(\.self)
        #expect(await trust.examine(long).fault?.reason == .chain)
    }

    @Test func `a certificate that is itself trusted needs no authority, but must be in time`() async throws {
        let own = try TLSIdentity.selfSigned(for: ["a.example"])
        #expect(try await TLSTrust(own.certificates).examine(own.certificates).isTrusted)
        let old = try authority.issue(CertificateOrder("a.example").but { $0.ends = -1 })
        #expect(try await TLSTrust(old.certificates).examine(old.certificates).fault?.reason == .expired)
    }
}
