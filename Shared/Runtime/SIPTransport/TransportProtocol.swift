/// What carries SIP messages (RFC 3261 section 18, RFC 7118).
package enum TransportProtocol: String, Hashable, Sendable, CaseIterable {
    case udp
    case tcp
    case tls
    /// WebSocket over TCP (RFC 7118).
    case ws
    /// WebSocket over TLS (RFC 7118).
    case wss

    /// The name in a Via: `UDP`.
    package var viaName: String {
        switch self {
        case .udp: "UDP"
        case .tcp: "TCP"
        case .tls: "TLS"
        case .ws: "WS"
        case .wss: "WSS"
        }
    }

    /// Whether it repeats by itself what is lost, so that transactions need not.
    package var isReliable: Bool { self != .udp }

    /// Whether it is encrypted and its peer may prove who he is.
    package var isSecure: Bool { self == .tls || self == .wss }

    /// Whether messages are frames of a WebSocket.
    package var isWebSocket: Bool { self == .ws || self == .wss }

    /// The port where nobody says another (RFC 3261 section 19.1.2, RFC 7118 section 5.5).
    package var defaultPort: Int {
        switch self {
        case .udp, .tcp: 5060
        case .tls: 5061
        case .ws: 80
        case .wss: 443
        }
    }
}
