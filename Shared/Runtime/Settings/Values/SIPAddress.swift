/// Somebody's address in a SIP domain: `sip:gateway@trunk.example`.
package struct SIPAddress: Hashable, Sendable, CustomStringConvertible {
    package let isSecure: Bool
    /// The user part as it is spelt, escapes and all.
    package let user: String
    /// In lower case; an address without brackets.
    package let host: String
    package let port: Int?

    /// Reads `sip:user@host`, without parameters; the scheme may be missing.
    package init?(_ text: String) {
        var rest = text[...]
        var scheme = "sip"
        if let colon = text.firstIndex(of: ":"), text.firstIndex(of: "@").map({ colon < $0 }) ?? false {
            scheme = text[..<colon].lowercased()
            rest = text[text.index(after: colon)...]
        }
        guard scheme == "sip" || scheme == "sips", let at = rest.lastIndex(of: "@"), at > rest.startIndex,
            rest[..<at].utf8.allSatisfy(Self.mayBeInUser),
            let place = HostPort(String(rest[rest.index(after: at)...]), defaultPort: 0)
        else { return nil }
        isSecure = scheme == "sips"
        user = String(rest[..<at])
        host = place.host
        port = place.port == 0 ? nil : place.port
    }

    package var description: String {
        let place =
            port.map { "\(HostPort(host: host, port: $0))" } ?? (host.contains(":") ? "[\(host)]" : host)
        return "\(isSecure ? "sips" : "sip"):\(user)@\(place)"
    }

    private static func mayBeInUser(_ octet: UInt8) -> Bool {
        octet > 0x20 && octet < 0x7F && !"\"<>\\^`{|}@:[]".utf8.contains(octet)
    }
}
