/// A table in place of the DNS: what it does not list does not exist.
package struct StaticResolver: Resolving {
    package var services: [String: [SRVRecord]]
    package var hosts: [String: [String]]
    /// Names whose look-up fails, with the failure.
    package var failures: [String: ResolverError.Code]

    package init(
        services: [String: [SRVRecord]] = [:],
        hosts: [String: [String]] = [:],
        failures: [String: ResolverError.Code] = [:]
    ) {
        self.services = services
        self.hosts = hosts
        self.failures = failures
    }

    package func srv(_ name: String) async throws(ResolverError) -> [SRVRecord] {
        try fail(name)
        return services[name] ?? []
    }

    package func addresses(_ host: String) async throws(ResolverError) -> [String] {
        if AddressText.isAddress(host) { return [host] }
        try fail(host)
        guard let found = hosts[host], !found.isEmpty else { throw ResolverError(.noSuchName, name: host) }
        return found
    }

    private func fail(_ name: String) throws(ResolverError) {
        if let code = failures[name] { throw ResolverError(code: code, name: name) }
    }
}
