package import NIOCore
package import Resolver
package import SIPTransport

/// What is known about where a URI leads, before chance has put equals in order.
///
/// Kept for as long as the DNS allows: the order is drawn for each request anew, so that the weights of RFC 2782 hold.
package struct Location: Hashable, Sendable {
    /// What is offered by one transport.
    package struct Service: Hashable, Sendable {
        package var transport: TransportProtocol
        /// Its servers; a host that was found without SRV is one without priority and weight.
        package var records: [SRVRecord]
        package var isGuess: Bool

        package init(_ transport: TransportProtocol, _ records: [SRVRecord], isGuess: Bool = false) {
            self.transport = transport
            self.records = records
            self.isGuess = isGuess
        }
    }

    /// By the domain's preference, else ours.
    package var services: [Service]
    package var addresses: [SRVRecord: [SocketAddress]]
    /// The domain whose certificate is demanded.
    package var name: String
    package var isSecure: Bool
    package var timeToLive: Duration

    package init(
        services: [Service],
        addresses: [SRVRecord: [SocketAddress]],
        name: String,
        isSecure: Bool = false,
        timeToLive: Duration = .zero
    ) {
        self.services = services
        self.addresses = addresses
        self.name = name
        self.isSecure = isSecure
        self.timeToLive = timeToLive
    }

    /// Whether chance has nothing to decide.
    package var isFixed: Bool {
        services.allSatisfy { service in
            Set(service.records.map(\.priority)).count == service.records.count
        }
    }

    /// The hops in the order in which to try them (RFC 3263 section 4.3).
    package func hops(using generator: inout some RandomNumberGenerator) -> NextHops {
        var hops: [NextHop] = []
        for service in services {
            for record in SRVRecord.ordered(service.records, using: &generator) {
                guard let found = addresses[record], !found.isEmpty else { continue }
                let name = service.transport.isSecure ? name : nil
                hops.append(NextHop(service.transport, found, name: name, isGuess: service.isGuess))
            }
        }
        return NextHops(hops, isSecure: isSecure)
    }
}
