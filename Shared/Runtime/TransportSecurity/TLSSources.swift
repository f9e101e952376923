/// Where certificates, keys and authorities are found.
package struct TLSSources: Hashable, Sendable {
    /// Whose certificates are believed.
    package enum Trust: Hashable, Sendable {
        /// The operating system's authorities.
        case system
        /// Those of a PEM file.
        case file(String)
    }

    /// The PEM files of one domain, or of all that have none of their own.
    package struct Files: Hashable, Sendable {
        package var certificate: String?
        package var key: String?
        package var trust: Trust

        package init(certificate: String? = nil, key: String? = nil, trust: Trust = .system) {
            self.certificate = certificate
            self.key = key
            self.trust = trust
        }

        var paths: [String] {
            var paths = [certificate, key].compactMap(\.self)
            if case .file(let path) = trust { paths.append(path) }
            return paths
        }
    }

    package var usual: Files
    /// What differs by domain; in lower case, and as DNS has it.
    package var domains: [String: Files]
    /// The names of the certificate that is made where none is configured.
    package var names: [String]

    package init(usual: Files = Files(), domains: [String: Files] = [:], names: [String] = []) {
        self.usual = usual
        self.domains = domains
        self.names = names
    }

    var paths: Set<String> {
        Set(usual.paths + domains.values.flatMap(\.paths))
    }
}
