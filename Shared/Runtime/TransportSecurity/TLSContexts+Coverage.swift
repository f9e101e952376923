extension TLSContexts {
    /// Whether the certificate that is shown for a domain names it, itself or by a wildcard.
    package func covers(_ domain: String) -> Bool {
        let names = credentials(for: domain).identity.names
        let spelled = names.hasAlternatives ? names.dns : [names.commonName].compactMap(\.self)
        return spelled.map { $0.lowercased() }.contains { name in
            if name == domain { return true }
            guard name.hasPrefix("*."), let dot = domain.firstIndex(of: ".") else { return false }
            return domain[dot...] == name.dropFirst()
        }
    }
}
