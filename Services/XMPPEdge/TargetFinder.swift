import Resolver
import XMPPStreams

/// Finds where a domain's XMPP service is (RFC 6120 section 3.2).
struct TargetFinder: Sendable {
    private static let port = 5269
    private static let mostTargets = 16

    let routes: [String: XMPPEdgeConfiguration.Route]
    let resolver: any Resolving

    /// The addresses to try, in this order: of the static route, else of the SRV records, else of the domain itself.
    func targets(of domain: String) async throws(ResolverError) -> [Target] {
        if let route = routes[domain] {
            return try await addresses(route.host, route.port, isDirectTLS: route.isDirectTLS)
        }
        let name = ASCIIDomain.of(domain)
        let records = try await resolver.srv("_xmpp-server._tcp.\(name)").records
        guard !records.isEmpty else { return try await addresses(name, Self.port, isDirectTLS: false) }
        if records.count == 1, records[0].isUnavailable {
            throw ResolverError(code: .notFound, name: "_xmpp-server._tcp.\(name)")
        }
        var generator = SystemRandomNumberGenerator()
        var targets: [Target] = []
        var failure: ResolverError?
        for record in SRVRecord.ordered(records, using: &generator) where targets.count < Self.mostTargets {
            do {
                targets += try await addresses(record.target, record.port, isDirectTLS: false)
            } catch {
                failure = error
            }
        }
        if targets.isEmpty, let failure { throw failure }
        return targets
    }

    private func addresses(
        _ host: String,
        _ port: Int,
        isDirectTLS: Bool
    ) async throws(ResolverError) -> [Target] {
        var targets: [Target] = []
        for address in try await resolver.addresses(host).records {
            targets.append(Target(address: address, port: port, isDirectTLS: isDirectTLS))
        }
        return targets
    }
}
