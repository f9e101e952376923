package import NIOCore

/// How a message came, so that an answer finds the way back (RFC 3261 section 18.2.2).
package struct MessageOrigin: Sendable, CustomStringConvertible {
    package enum Path: Hashable, Sendable {
        /// By the datagram socket of this number.
        case datagram(Int)
        case connection(ConnectionID)
    }

    package var transport: TransportProtocol
    package var path: Path
    package var peer: SocketAddress
    package var address: IPAddress
    /// The SIP domains that the peer's verified certificate is for (RFC 5922 section 7.1), in lower case; none without
    /// mutual TLS.
    package var proven: [String]

    package init?(
        _ transport: TransportProtocol,
        path: Path,
        peer: SocketAddress,
        proven: [String] = []
    ) {
        guard let address = IPAddress(peer) else { return nil }
        self.transport = transport
        self.path = path
        self.peer = peer
        self.address = address
        self.proven = proven
    }

    package var port: Int { peer.port ?? 0 }

    /// `udp:192.0.2.1:5060`.
    package var description: String {
        address.isIPv4
            ? "\(transport.rawValue):\(address):\(port)" : "\(transport.rawValue):[\(address)]:\(port)"
    }
}

/// Names a connection for as long as the process lives.
package struct ConnectionID: Hashable, Sendable {
    package let number: UInt64

    package init(_ number: UInt64) {
        self.number = number
    }
}
