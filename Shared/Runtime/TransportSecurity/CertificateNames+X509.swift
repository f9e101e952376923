import SwiftASN1
import X509

extension CertificateNames {
    init(_ certificate: Certificate) {
        self.init(commonName: Self.commonName(certificate.subject), hasAlternatives: false)
        // An extension that is there but cannot be read names nobody, and forbids to look at the common name.
        hasAlternatives = certificate.extensions[oid: .X509ExtensionID.subjectAlternativeName] != nil
        guard let names = try? certificate.extensions.subjectAlternativeNames else { return }
        for name in names {
            switch name {
            case .dnsName(let text): dns.append(text)
            case .uniformResourceIdentifier(let text): uris.append(text)
            case .ipAddress(let octets): addresses.append(Array(octets.bytes))
            case .otherName, .rfc822Name, .x400Address, .directoryName, .ediPartyName, .registeredID: break
            }
        }
    }

    private static func commonName(_ subject: DistinguishedName) -> String? {
        for part in subject {
            for attribute in part where attribute.type == .RDNAttributeType.commonName {
                return String(attribute.value)
            }
        }
        return nil
    }
}
