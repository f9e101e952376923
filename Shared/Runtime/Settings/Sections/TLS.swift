extension Settings {
    /// `tls`: certificates and trust.
    package struct TLS: Hashable, Sendable {
        /// For every domain that has no entry of its own.
        package let usual: TLSFiles
        /// `tls.domains`: what differs by domain.
        package let domains: [String: TLSFiles]
        package let reload: Duration

        /// The files for a domain.
        package func files(for domain: String) -> TLSFiles { domains[domain] ?? usual }
    }
}

extension Settings.TLS {
    init(_ keys: inout KeyReader) throws(SettingsError) {
        let certificate = try keys.optional(
            "tls.certificate",
            .file,
            "PEM file of the certificate and its chain"
        )
        let key = try keys.optional("tls.key", .file, "PEM file of the certificate's private key")
        let trust = try keys.value(
            "tls.trust",
            .trust,
            default: "system",
            "whose certificates are believed: the system's authorities, or those of a PEM file"
        )
        let usual = TLSFiles(certificate: certificate, key: key, trust: trust)
        self.usual = usual
        reload = try keys.value(
            "tls.reload",
            .duration(.seconds(1)...(.seconds(7 * 86_400))),
            default: "1h",
            "how often certificate files are looked at again"
        )
        let name = "tls.domains"
        let rows = try keys.table(
            name,
            fields: ["certificate", "key", "trust"],
            "certificate, key and trust of single domains: sip.example: {certificate: sip.pem, key: sip.key}"
        )
        var domains: [String: TLSFiles] = [:]
        for (domain, row) in rows.sorted(by: { $0.key < $1.key }) {
            let path = "\(name).\(domain)"
            let certificate = try keys.field("certificate", .file, of: row, at: path, in: name)
            let key = try keys.field("key", .file, of: row, at: path, in: name)
            guard (certificate == nil) == (key == nil) else {
                let field = key == nil ? "key" : "certificate"
                throw keys.missing(field, at: path, in: name, "certificate and key together")
            }
            domains[domain] = TLSFiles(
                certificate: certificate ?? usual.certificate,
                key: key ?? usual.key,
                trust: try keys.field("trust", .trust, of: row, at: path, in: name) ?? trust
            )
        }
        self.domains = domains
    }
}
