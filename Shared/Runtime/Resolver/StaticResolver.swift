/// A table in place of the DNS: what it does not list does not exist.
package struct StaticResolver: Resolving {
    package var services: [String: [SRVRecord]]
    package var pointers: [String: [NAPTRRecord]]
    package var certificates: [String: [TLSARecord]]
    package var hosts: [String: [String]]
    /// Names whose look-up fails, with the failure.
    package var failures: [String: ResolverError.Code]
    /// What all answers say of themselves.
    package var isSecure = false
    package var timeToLive = Duration.seconds(300)

    package init(
        services: [String: [SRVRecord]] = [:],
        pointers: [String: [NAPTRRecord]] = [:],
        certificates: [String: [TLSARecord]] = [:],
        hosts: [String: [String]] = [:],
        failures: [String: ResolverError.Code] = [:]
    ) {
        self.services = services
        self.pointers = pointers
        self.certificates = certificates
        self.hosts = hosts
        self.failures = failures
    }

    package func srv(_ name: String) async throws(ResolverError) -> ResolverAnswer<SRVRecord> {
        try answer(name, services)
    }

    package func naptr(_ name: String) async throws(ResolverError) -> ResolverAnswer<NAPTRRecord> {
        try answer(name, pointers)
    }

    package func tlsa(_ name: String) async throws(ResolverError) -> ResolverAnswer<TLSARecord> {
        try answer(name, certificates)
    }

    package func addresses(_ host: String) async throws(ResolverError) -> ResolverAnswer<String> {
        if AddressText.isAddress(host) { return .literal(host) }
        let found = try answer(host, hosts)
        guard !found.records.isEmpty else { throw ResolverError(.noSuchName, name: host) }
        return found
    }

    private func answer<Record>(
        _ name: String,
        _ table: [String: [Record]]
    ) throws(ResolverError) -> ResolverAnswer<Record> {
        if let code = failures[name] { throw ResolverError(code: code, name: name) }
        return ResolverAnswer(table[name] ?? [], isSecure: isSecure, timeToLive: timeToLive)
    }
}
