package import NIOCore
import SIPTransport

/// Where the requests for one target may go, best first.
package struct NextHops: Hashable {
    package var udp: [SocketAddress]
    package var tcp: [SocketAddress]
    /// Whether TCP was offered by a URI or the DNS.
    ///
    /// If not, trying it is a guess that RFC 3261 section 18.1.1 makes for
    /// large requests, and a refusal of it means no more than that there is no TCP.
    package var isTCPKnown: Bool

    package init(udp: [SocketAddress] = [], tcp: [SocketAddress] = [], isTCPKnown: Bool = false) {
        self.udp = udp
        self.tcp = tcp
        self.isTCPKnown = isTCPKnown
    }
}

/// Why there is no next hop.
package enum LocationFailure: Error, Hashable {
    /// The domain does not exist, or offers no SIP.
    case notFound(String)
    /// The DNS did not answer.
    case unresolved(String)
    /// The URI asks for a transport that there is not: TLS, or one nobody knows.
    case unsupported(String)
}
