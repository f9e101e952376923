import Glibc
import NIOCore

/// Which address of ours a packet to somewhere would leave from: what a wildcard listener says of itself.
struct LocalAddresses {
    private static let capacity = 1_024
    private var known: [IPAddress: IPAddress] = [:]

    /// Asks the system once for each destination; routes that change are noticed when the memory is full.
    mutating func address(toward destination: SocketAddress) -> IPAddress? {
        guard let key = IPAddress(destination) else { return nil }
        if let address = known[key] { return address }
        guard let address = Self.ask(destination) else { return nil }
        if known.count >= Self.capacity { known.removeAll(keepingCapacity: true) }
        known[key] = address
        return address
    }

    /// Connecting a datagram socket sends nothing; it only chooses a route.
    private static func ask(_ destination: SocketAddress) -> IPAddress? {
        let isIPv4 = destination.protocol == .inet
        let descriptor = Glibc.socket(isIPv4 ? AF_INET : AF_INET6, CInt(SOCK_DGRAM.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { Glibc.close(descriptor) }
        let connected = unsafe destination.withSockAddr { address, length in
            unsafe Glibc.connect(descriptor, address, socklen_t(length))
        }
        guard connected == 0 else { return nil }
        return name(of: descriptor, isIPv4: isIPv4)
    }

    private static func name(of descriptor: CInt, isIPv4: Bool) -> IPAddress? {
        unsafe withUnsafeTemporaryAllocation(byteCount: 128, alignment: 8) { buffer in
            var length = socklen_t(buffer.count)
            guard let start = buffer.baseAddress else { return nil }
            let name = unsafe start.bindMemory(to: sockaddr.self, capacity: 1)
            guard unsafe getsockname(descriptor, name, &length) == 0, length >= (isIPv4 ? 16 : 28) else {
                return nil
            }
            return unsafe IPAddress(sockaddr: UnsafeRawBufferPointer(buffer), isIPv4: isIPv4)
        }
    }
}
