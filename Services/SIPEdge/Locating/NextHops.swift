package import NIOCore
package import SIPTransport

/// One server that a request may go to: the addresses of one host at one port, by one transport.
package struct NextHop: Hashable, Sendable {
    package var transport: TransportProtocol
    package var addresses: [SocketAddress]
    /// The domain whose certificate it must show; nil where the transport has none.
    package var name: String?
    /// Whether neither a URI nor the DNS offered the transport.
    ///
    /// Such a guess is made for requests that are too large for UDP (RFC 3261 section 18.1.1), and a refusal of it means
    /// no more than that there is no TCP.
    package var isGuess: Bool

    package init(
        _ transport: TransportProtocol,
        _ addresses: [SocketAddress],
        name: String? = nil,
        isGuess: Bool = false
    ) {
        self.transport = transport
        self.addresses = addresses
        self.name = name
        self.isGuess = isGuess
    }

    /// The addresses as targets, in their order.
    package var targets: [TransportTarget] {
        addresses.map { TransportTarget(transport, $0, name: name) }
    }
}

/// Where the requests for one URI may go, best first.
package struct NextHops: Hashable, Sendable {
    /// A target that may be tried.
    struct Candidate: Hashable, Sendable {
        var target: TransportTarget
        /// The server among ``hops``, of which this is one address.
        var server: Int
        var isGuess: Bool
    }

    package let hops: [NextHop]
    /// Whether DNSSEC proves that they are the domain's own.
    package let isSecure: Bool
    /// The addresses of all hops in their order, made once for all requests that go there.
    let candidates: [Candidate]

    package init(_ hops: [NextHop], isSecure: Bool = false) {
        self.hops = hops
        self.isSecure = isSecure
        candidates = hops.enumerated().flatMap { server, hop in
            hop.targets.map { Candidate(target: $0, server: server, isGuess: hop.isGuess) }
        }
    }
}
