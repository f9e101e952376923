import SIPGrammar
package import TransportSecurity

// Conforms: RFC 5922 §7.1, §7.2 (complete; internationalised names are compared in their ASCII form)

/// Which SIP domains a certificate is for (RFC 5922 section 7.1).
package enum DomainIdentities {
    /// The domains, in lower case.
    ///
    /// URIs of the scheme `sip` that name no user come first; names of the DNS count if there is none, and the common name
    /// only if the certificate has no alternative names at all. Wildcards name nobody (section 7.2).
    package static func of(_ names: CertificateNames) -> [String] {
        let uris = names.uris.compactMap(domain(ofURI:))
        if !uris.isEmpty { return unique(uris) }
        if names.hasAlternatives { return unique(names.dns.compactMap(domain(named:))) }
        return names.commonName.flatMap(domain(named:)).map { [$0] } ?? []
    }

    /// Whether a certificate is for a domain, or for an IP address where nobody has named a domain.
    package static func does(_ names: CertificateNames, prove name: String) -> Bool {
        guard let host = SIPHost(name) else { return false }
        switch host {
        case .name: return domain(named: name).map { of(names).contains($0) } ?? false
        case .ipv4, .ipv6:
            guard let address = IPAddress(host.text) else { return false }
            return names.addresses.contains { IPAddress(octets: $0) == address }
                || names.uris.contains { Self.host(ofURI: $0).flatMap { IPAddress($0.text) } == address }
        }
    }

    /// The domain of a URI of the scheme `sip` without a user.
    private static func domain(ofURI text: String) -> String? {
        host(ofURI: text).flatMap { domain(named: $0.text) }
    }

    private static func host(ofURI text: String) -> SIPHost? {
        guard !text.utf8.contains(UInt8(ascii: "@")), let uri = SIPURI(text), uri.scheme == .sip,
            uri.user == nil
        else { return nil }
        return uri.host
    }

    /// A name of the DNS in the form that is compared: lower case, without the dot at its end.
    private static func domain(named name: String) -> String? {
        guard case .name(let text)? = SIPHost(name) else { return nil }
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }

    private static func unique(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }
}

extension IPAddress {
    /// The address of a certificate: 4 octets or 16 in network order.
    fileprivate init?(octets: [UInt8]) {
        switch octets.count {
        case 4: self.init(ipv4: octets.reduce(0) { $0 << 8 | UInt32($1) })
        case 16:
            self.init(
                high: octets[..<8].reduce(0) { $0 << 8 | UInt64($1) },
                low: octets[8...].reduce(0) { $0 << 8 | UInt64($1) }
            )
        default: return nil
        }
    }
}
