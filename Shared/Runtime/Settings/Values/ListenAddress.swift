/// Where to listen or connect: a transport, a host and a port, as in `tls://[::]:5061`.
package struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    /// The transports that configuration can name.
    package enum Scheme: String, Hashable, Sendable, CaseIterable {
        case udp
        case tcp
        case tls
        /// SIP over WebSocket (RFC 7118).
        case ws
        case wss
        /// XMPP with STARTTLS.
        case xmpp
        /// XMPP with TLS from the first octet (XEP-0368).
        case xmpps
        /// MSRP over TCP (RFC 4975).
        case msrp
        case msrps

        /// The port that stands in when none is written.
        package var defaultPort: Int {
            switch self {
            case .udp, .tcp: 5060
            case .tls: 5061
            case .ws: 80
            case .wss: 443
            case .xmpp: 5269
            case .xmpps: 5270
            case .msrp: 2855
            case .msrps: 2856
            }
        }

        /// Whether the transport runs over UDP; all others share TCP's ports.
        package var isDatagram: Bool { self == .udp }

        /// Whether it needs a certificate.
        package var isSecure: Bool { [.tls, .wss, .xmpps, .msrps].contains(self) }
    }

    package let scheme: Scheme
    /// A name in lower case or an address without brackets.
    package let host: String
    /// 0 lets the system choose.
    package let port: Int

    package init(scheme: Scheme, host: String, port: Int) {
        self.scheme = scheme
        self.host = host
        self.port = port
    }

    /// Reads `scheme://host[:port]`; a slash at the end is passed over.
    package init?(_ text: String) {
        guard let mark = text.firstRange(of: "://") else { return nil }
        guard let scheme = Scheme(rawValue: text[..<mark.lowerBound].lowercased()) else { return nil }
        var rest = text[mark.upperBound...]
        if rest.hasSuffix("/") { rest.removeLast() }
        guard let place = HostPort(String(rest), defaultPort: scheme.defaultPort) else { return nil }
        self.init(scheme: scheme, host: place.host, port: place.port)
    }

    package var description: String { "\(scheme.rawValue)://\(HostPort(host: host, port: port))" }
}
