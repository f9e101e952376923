package import NIOCore

/// An IP address as a number: to be compared, counted by and looked up fast.
///
/// An IPv4 address that came through an IPv6 socket (`::ffff:192.0.2.1`) is the IPv4 address.
package struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// The 128 bits in network order; IPv4 addresses are mapped.
    package let high: UInt64
    package let low: UInt64

    private static let mappedPrefix: UInt64 = 0xffff

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package init(ipv4: UInt32) {
        self.init(high: 0, low: Self.mappedPrefix << 32 | UInt64(ipv4))
    }

    /// The address of a socket address; nil for a local socket.
    package init?(_ address: SocketAddress) {
        guard address.protocol == .inet || address.protocol == .inet6 else { return nil }
        let isIPv4 = address.protocol == .inet
        self = unsafe address.withSockAddr { pointer, length in
            unsafe IPAddress(sockaddr: UnsafeRawBufferPointer(start: pointer, count: length), isIPv4: isIPv4)
        }
    }

    /// Reads a `sockaddr_in` or `sockaddr_in6`, whose address is behind the family and the port, and in IPv6 the flow.
    init(sockaddr: UnsafeRawBufferPointer, isIPv4: Bool) {
        if isIPv4 {
            self.init(
                ipv4: UInt32(bigEndian: unsafe sockaddr.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
            )
        } else {
            self.init(
                high: UInt64(bigEndian: unsafe sockaddr.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
                low: UInt64(bigEndian: unsafe sockaddr.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
            )
        }
    }

    /// Reads `192.0.2.1` or `2001:db8::1`, without brackets.
    package init?(_ text: String) {
        guard let address = try? SocketAddress(ipAddress: text, port: 0) else { return nil }
        self.init(address)
    }

    package var isIPv4: Bool { high == 0 && low >> 32 == Self.mappedPrefix }

    /// The socket address of a port at this address.
    package func socketAddress(port: Int) -> SocketAddress? {
        try? SocketAddress(packedIPAddress: ByteBuffer(bytes: packed), port: port)
    }

    /// `0.0.0.0` or `::`.
    package var isUnspecified: Bool { high == 0 && (low == 0 || low == Self.mappedPrefix << 32) }

    /// The socket address for an IPv6 socket; an IPv4 address is mapped.
    package func mappedSocketAddress(port: Int) -> SocketAddress? {
        try? SocketAddress(
            packedIPAddress: ByteBuffer(bytes: Self.octets(high) + Self.octets(low)),
            port: port
        )
    }

    package var description: String {
        socketAddress(port: 0)?.ipAddress ?? ""
    }

    private var packed: [UInt8] {
        isIPv4 ? Array(Self.octets(low).suffix(4)) : Self.octets(high) + Self.octets(low)
    }

    private static func octets(_ word: UInt64) -> [UInt8] {
        stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> $0) }
    }
}
