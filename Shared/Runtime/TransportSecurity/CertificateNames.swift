/// Whom a certificate names (RFC 5280 sections 4.1.2.6 and 4.2.1.6), as it spells them.
package struct CertificateNames: Hashable, Sendable {
    package var dns: [String]
    package var uris: [String]
    /// IP addresses in network order: 4 octets or 16.
    package var addresses: [[UInt8]]
    package var commonName: String?
    /// Whether there is a subjectAltName at all, even one that says nothing which we read.
    package var hasAlternatives: Bool

    package init(
        dns: [String] = [],
        uris: [String] = [],
        addresses: [[UInt8]] = [],
        commonName: String? = nil,
        hasAlternatives: Bool = true
    ) {
        self.dns = dns
        self.uris = uris
        self.addresses = addresses
        self.commonName = commonName
        self.hasAlternatives = hasAlternatives
    }

    /// For people.
    package var summary: String {
        let names = dns + uris + (hasAlternatives ? [] : [commonName].compactMap(\.self))
        guard !names.isEmpty else { return "nobody" }
        return names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and others" : "")
    }
}
