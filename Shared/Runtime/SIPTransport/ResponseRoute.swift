import NIOCore
import SIPGrammar

/// Where a response goes by its top Via (RFC 3261 section 18.2.2, RFC 3581 section 4).
enum ResponseRoute {
    /// The address for a response to a datagram.
    static func datagram(_ via: SIPVia, _ origin: MessageOrigin) -> SocketAddress {
        if let maddr = via.maddr, let address = IPAddress(maddr)?.socketAddress(port: via.port ?? 5060) {
            return address
        }
        if via.hasRport { return origin.peer }
        guard via.port ?? 5060 != origin.port else { return origin.peer }
        return origin.address.socketAddress(port: via.port ?? 5060) ?? origin.peer
    }

    /// The address to connect to when the connection that the request came by is gone.
    static func reconnection(_ via: SIPVia, _ origin: MessageOrigin) -> SocketAddress? {
        origin.address.socketAddress(port: via.port ?? TransportProtocol.tcp.defaultPort)
    }
}
