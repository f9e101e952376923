package import SIPGrammar

/// Which URI the next hop of a request is found by (RFC 3261 section 8.1.2): what was configured goes before the DNS.
package struct RouteTable: Sendable {
    /// Where a request goes, and why.
    package struct Choice: Hashable, Sendable {
        package var uri: SIPURI
        /// Whether an operator has named it.
        package var isConfigured: Bool
    }

    /// Next hops by domain; `*.example` stands for every domain below `example`, not for `example` itself.
    private let routes: [String: SIPURI]
    /// Where the requests for ``domains`` go, and those of URIs that name no host.
    private let proxy: SIPURI?
    package var domains: Set<String>

    package init(routes: [String: SIPURI] = [:], proxy: SIPURI? = nil, domains: Set<String> = []) {
        self.routes = Dictionary(
            routes.map { (Self.key($0.key), $0.value) },
            uniquingKeysWith: { first, _ in first }
        )
        self.proxy = proxy
        self.domains = domains
    }

    /// The first Route, else the static route of the domain, else the outbound proxy of our domains, else the target
    /// itself; nil for a URI without a host that no proxy takes.
    package func choose(for request: SIPRequest) -> Choice? {
        if let route = try? request.headers.routes().first, case .sip(let uri) = route.uri {
            return Choice(uri: uri, isConfigured: isConfigured(uri))
        }
        guard case .sip(let uri) = request.uri else {
            return proxy.map { Choice(uri: $0, isConfigured: true) }
        }
        if let route = route(of: uri.host.text) { return Choice(uri: route, isConfigured: true) }
        if let proxy, domains.contains(uri.host.text) { return Choice(uri: proxy, isConfigured: true) }
        return Choice(uri: uri, isConfigured: false)
    }

    /// The static route of a domain: its own, else that of the longest suffix.
    package func route(of domain: String) -> SIPURI? {
        guard !routes.isEmpty else { return nil }
        if let own = routes[domain] { return own }
        var rest = domain[...]
        while let dot = rest.firstIndex(of: ".") {
            rest = rest[rest.index(after: dot)...]
            if let route = routes["*.\(rest)"] { return route }
        }
        return nil
    }

    private func isConfigured(_ uri: SIPURI) -> Bool {
        uri.host == proxy?.host || routes.values.contains { $0.host == uri.host }
    }

    /// As hosts of URIs are written: small letters, no final dot.
    private static func key(_ domain: String) -> String {
        let name = domain.hasSuffix(".") ? domain.dropLast() : domain[...]
        return name.lowercased()
    }
}
