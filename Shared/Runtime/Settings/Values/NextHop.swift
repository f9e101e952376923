/// Where requests go instead of where the DNS says: `sip:127.0.0.1:5070;transport=tcp`.
package struct NextHop: Hashable, Sendable, CustomStringConvertible {
    /// Whether the URI is a `sips:` one.
    package let isSecure: Bool
    /// A name in lower case or an address without brackets.
    package let host: String
    package let port: Int?
    /// In lower case; without it UDP, and TCP for what is large (RFC 3261 18.1.1).
    package let transport: String?

    /// Reads a URI without a user part; `transport` is the only parameter beside `lr`.
    package init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let scheme = text[..<colon].lowercased()
        guard scheme == "sip" || scheme == "sips" else { return nil }
        let parts = text[text.index(after: colon)...].split(separator: ";", omittingEmptySubsequences: false)
        let place = String(parts[0])
        var transport: String?
        for parameter in parts.dropFirst() {
            let parameter = parameter.lowercased()
            if parameter == "lr" { continue }
            guard let equals = parameter.firstIndex(of: "="), parameter[..<equals] == "transport" else {
                return nil
            }
            transport = String(parameter[parameter.index(after: equals)...])
            guard ["udp", "tcp", "tls", "ws", "wss"].contains(transport) else { return nil }
        }
        // Port 0 is a mark for "none written", which nobody may write.
        guard let parsed = HostPort(place, defaultPort: 0) else { return nil }
        let hasPort = !place.hasSuffix("]") && place.contains(":")
        guard hasPort == (parsed.port != 0) else { return nil }
        isSecure = scheme == "sips"
        host = parsed.host
        port = hasPort ? parsed.port : nil
        self.transport = transport
    }

    package var description: String {
        let place =
            port.map { "\(HostPort(host: host, port: $0))" } ?? (host.contains(":") ? "[\(host)]" : host)
        return "\(isSecure ? "sips" : "sip"):\(place)" + (transport.map { ";transport=\($0)" } ?? "")
    }
}
