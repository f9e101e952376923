package import NIOCore

/// Where a request goes: one address by one transport.
package struct TransportTarget: Hashable, Sendable, CustomStringConvertible {
    package var transport: TransportProtocol
    package var address: SocketAddress
    /// The domain whose certificate the peer must show where the transport is secure (RFC 5922 section 7.3).
    package var name: String?

    package init(_ transport: TransportProtocol, _ address: SocketAddress, name: String? = nil) {
        self.transport = transport
        self.address = address
        self.name = name
    }

    /// Reads an IP address as text; nil if it is none.
    package init?(_ transport: TransportProtocol, ipAddress: String, port: Int, name: String? = nil) {
        guard let address = try? SocketAddress(ipAddress: ipAddress, port: port) else { return nil }
        self.init(transport, address, name: name)
    }

    package var description: String {
        let host = address.ipAddress ?? "?"
        let isIPv6 = host.utf8.contains(UInt8(ascii: ":"))
        return "\(transport.rawValue):\(isIPv6 ? "[\(host)]" : host):\(address.port ?? 0)"
    }
}
