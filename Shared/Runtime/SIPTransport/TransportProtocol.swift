/// What carries SIP messages (RFC 3261 section 18).
package enum TransportProtocol: String, Hashable, Sendable, CaseIterable {
    case udp
    case tcp

    /// The name in a Via: `UDP`.
    package var viaName: String {
        switch self {
        case .udp: "UDP"
        case .tcp: "TCP"
        }
    }

    /// Whether it repeats by itself what is lost, so that transactions need not.
    package var isReliable: Bool { self != .udp }

    /// The port where nobody says another (RFC 3261 section 19.1.2).
    package var defaultPort: Int { 5060 }
}
