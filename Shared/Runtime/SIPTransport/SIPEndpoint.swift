/// An address to listen at: `udp://0.0.0.0:5060`, `tcp://[::]:5060`.
package struct SIPEndpoint: Hashable, Sendable, CustomStringConvertible {
    package var transport: TransportProtocol
    /// A host name or an IP address, without brackets.
    package var host: String
    /// 0 lets the system choose.
    package var port: Int

    package init(_ transport: TransportProtocol, host: String, port: Int) {
        self.transport = transport
        self.host = host
        self.port = port
    }

    /// Reads `TRANSPORT://HOST:PORT`, the port if there is one; nil for anything else, and for transports not known.
    package init?(_ text: String) {
        let parts = text.utf8.split(
            separator: UInt8(ascii: "/"),
            maxSplits: 2,
            omittingEmptySubsequences: false
        )
        guard parts.count == 3, parts[1].isEmpty, let scheme = String(parts[0]), scheme.hasSuffix(":"),
            let transport = TransportProtocol(rawValue: scheme.dropLast().lowercased()),
            let authority = String(parts[2]),
            let (host, port) = Self.split(authority)
        else { return nil }
        self.init(transport, host: host, port: port ?? transport.defaultPort)
    }

    package var description: String {
        host.utf8.contains(UInt8(ascii: ":"))
            ? "\(transport.rawValue)://[\(host)]:\(port)" : "\(transport.rawValue)://\(host):\(port)"
    }

    private static func split(_ authority: String) -> (host: String, port: Int?)? {
        let octets = authority.utf8
        var host: Substring
        var rest: Substring
        if octets.first == UInt8(ascii: "[") {
            guard let end = octets.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            host = authority[octets.index(after: octets.startIndex)..<end]
            rest = authority[octets.index(after: end)...]
        } else {
            let end = octets.firstIndex(of: UInt8(ascii: ":")) ?? octets.endIndex
            host = authority[..<end]
            rest = authority[end...]
        }
        guard !host.isEmpty, !host.utf8.contains(UInt8(ascii: "/")) else { return nil }
        guard !rest.isEmpty else { return (String(host), nil) }
        guard rest.utf8.first == UInt8(ascii: ":"),
            rest.utf8.dropFirst().allSatisfy({ (48...57).contains($0) }),
            let port = Int(rest.dropFirst()), (0...65_535).contains(port)
        else { return nil }
        return (String(host), port)
    }
}
