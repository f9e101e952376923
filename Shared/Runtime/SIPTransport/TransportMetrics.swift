import Metrics

/// What a transport counts.
struct TransportMetrics {
    /// Why something that came in was not passed on.
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
        /// An answer that could not be sent.
        case unsent
        /// The peer does not read what is sent.
        case congested
    }

    private let received: [TransportProtocol: Counter]
    private let sent: [TransportProtocol: Counter]
    private let dropped: [Drop: Counter]

    init() {
        received = Self.counters("causeway_sip_received_total", "transport")
        sent = Self.counters("causeway_sip_sent_total", "transport")
        dropped = Self.counters("causeway_sip_dropped_total", "reason")
    }

    func receive(_ transport: TransportProtocol) { received[transport]?.increment() }
    func send(_ transport: TransportProtocol) { sent[transport]?.increment() }
    func drop(_ reason: Drop) { dropped[reason]?.increment() }

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
