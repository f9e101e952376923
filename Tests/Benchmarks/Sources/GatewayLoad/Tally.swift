/// What became of the messages of a run.
struct Tally {
    var sent = 0
    /// Answered 202 (to XMPP), or received as MESSAGE (to SIP).
    var completed = 0
    /// The other side's view: stanzas that arrived (to XMPP), 200s sent (to SIP).
    var arrived = 0
    var repeated = 0
    var refused = 0
    /// Retransmissions of ours (to XMPP) or of the gateway (to SIP).
    var retransmissions = 0
    /// In fixed-rate runs: how often a message had to wait because every user had one under way.
    var late = 0
    var latencies = Latencies()

    /// One line of JSON.
    func report(seconds: Double, lost: Int) -> String {
        let fields: [(String, String)] = [
            ("event", "\"result\""), ("seconds", "\(seconds)"), ("sent", "\(sent)"),
            ("completed", "\(completed)"),
            ("arrived", "\(arrived)"), ("lost", "\(lost)"), ("repeated", "\(repeated)"),
            ("refused", "\(refused)"),
            ("retransmissions", "\(retransmissions)"), ("late", "\(late)"),
            ("p50_ms", "\(latencies.quantile(0.5))"), ("p99_ms", "\(latencies.quantile(0.99))"),
            ("max_ms", "\(Double(latencies.longest / 10_000) / 100)"),
        ]
        return "{" + fields.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}"
    }
}
