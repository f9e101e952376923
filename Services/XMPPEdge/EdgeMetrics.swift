import Metrics

/// What the edge counts.
struct EdgeMetrics: Sendable {
    let received = Counter(label: "causeway_xmpp_stanzas_received_total")
    let sent = Counter(label: "causeway_xmpp_stanzas_sent_total")
    let failed = Counter(label: "causeway_xmpp_stanzas_failed_total")
    /// How often a peer was not read from because it sent too fast.
    let paused = Counter(label: "causeway_xmpp_pauses_total")
    /// How often nobody was read from because the bus had no room.
    let busFull = Counter(label: "causeway_xmpp_bus_full_total")

    func ignored(_ what: StaticString) {
        Counter(label: "causeway_xmpp_ignored_total", dimensions: [("what", what.description)]).increment()
    }
}
