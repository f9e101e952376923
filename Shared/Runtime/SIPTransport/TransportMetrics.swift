import Metrics
import TransportSecurity

/// What a transport counts.
struct TransportMetrics {
    /// Why something that came in was not passed on, or a connection was closed.
    enum Drop: String, CaseIterable {
        /// Not SIP, or beyond an answer.
        case garbage
        /// Answered with 400, 505 or 513.
        case malformed
        /// A response without a Via, or to somebody else.
        case response
        case connectionRefused = "connection-refused"
        case idle
        case incomplete
        /// TLS or the upgrade to a WebSocket took too long.
        case handshake
        /// HTTP that asks for no WebSocket, or for none that carries SIP.
        case upgrade
        /// A WebSocket's peer broke its rules.
        case webSocket = "websocket"
        /// A ping was not answered.
        case dead
        /// An answer that could not be sent.
        case unsent
        /// The peer does not read what is sent.
        case congested
    }

    private let received: [TransportProtocol: Counter]
    private let sent: [TransportProtocol: Counter]
    private let opened: [TransportProtocol: Counter]
    private let dropped: [Drop: Counter]
    private let insecure: [TLSFault.Reason: Counter]

    init() {
        received = Self.counters("causeway_sip_received_total", "transport")
        sent = Self.counters("causeway_sip_sent_total", "transport")
        opened = Self.counters("causeway_sip_connections_total", "transport")
        dropped = Self.counters("causeway_sip_dropped_total", "reason")
        insecure = Self.counters("causeway_sip_tls_failed_total", "reason")
    }

    func receive(_ transport: TransportProtocol) { received[transport]?.increment() }
    func send(_ transport: TransportProtocol) { sent[transport]?.increment() }
    /// A connection is ready for messages.
    func open(_ transport: TransportProtocol) { opened[transport]?.increment() }
    func drop(_ reason: Drop) { dropped[reason]?.increment() }
    /// A TLS handshake has failed.
    func fail(_ fault: TLSFault) { insecure[fault.reason]?.increment() }

    private static func counters<Case: CaseIterable & Hashable & RawRepresentable>(
        _ label: String,
        _ dimension: String
    ) -> [Case: Counter] where Case.RawValue == String {
        var counters: [Case: Counter] = [:]
        for element in Case.allCases {
            counters[element] = Counter(label: label, dimensions: [(dimension, element.rawValue)])
        }
        return counters
    }
}
