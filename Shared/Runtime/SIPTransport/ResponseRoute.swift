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

    /// Where to connect to when the connection that the request came by is gone; nil if nowhere.
    ///
    /// Over TLS the peer must be the host that the Via names. Who came by a WebSocket takes no connections.
    static func reconnection(_ via: SIPVia, _ origin: MessageOrigin) -> TransportTarget? {
        let port = via.port ?? origin.transport.defaultPort
        guard !origin.transport.isWebSocket, let address = origin.address.socketAddress(port: port) else {
            return nil
        }
        let name = origin.transport.isSecure ? via.host.text : nil
        return TransportTarget(origin.transport, address, name: name)
    }
}
