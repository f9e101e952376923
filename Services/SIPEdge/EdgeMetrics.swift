import Metrics
import SIPAuthentication
import SIPGrammar

/// What the edge counts.
package final class EdgeMetrics {
    private var answers: [Int: Counter] = [:]
    private var refusals: [Refusal.Reason: Counter] = [:]
    private let dropped = Counter(label: "causeway_sip_dropped_total")
    private let repeats = Counter(label: "causeway_sip_repeats_total")
    private let untold = Counter(label: "causeway_sip_untold_total")
    private let strays = Counter(label: "causeway_sip_strays_total")
    private let delivered = Counter(label: "causeway_sip_delivered_total")
    private let dispatched = Counter(label: "causeway_sip_dispatched_total")
    private let failovers = Counter(label: "causeway_sip_failovers_total")
    private let dead = Gauge(label: "causeway_sip_targets_failed")
    private let probesAnswered = Counter(
        label: "causeway_sip_probes_total",
        dimensions: [("result", "answered")]
    )
    private let probesFailed = Counter(label: "causeway_sip_probes_total", dimensions: [("result", "failed")])

    package init() {}

    func answer(_ status: Int) {
        if let counter = answers[status] { return counter.increment() }
        // The statuses are ours or SIPAnswer's, hence few; what is beyond the range is counted as its class.
        let status = (100...699).contains(status) ? status : 500
        let counter = Counter(label: "causeway_sip_answers_total", dimensions: [("status", String(status))])
        answers[status] = counter
        counter.increment()
    }

    /// A request that was refused at the border.
    func refuse(_ reason: Refusal.Reason) {
        if let counter = refusals[reason] { return counter.increment() }
        let counter = Counter(
            label: "causeway_sip_refusals_total",
            dimensions: [("reason", reason.rawValue)]
        )
        refusals[reason] = counter
        counter.increment()
    }

    /// A peer asked who we are and there was no answer, or none that it took.
    func unproven(_ reason: DigestClient.Reason) {
        Counter(label: "causeway_sip_unproven_total", dimensions: [("reason", reason.rawValue)]).increment()
    }

    /// A request that was not even answered.
    func drop() { dropped.increment() }

    /// A request that came again and was answered as before, or not yet.
    func `repeat`() { repeats.increment() }
    /// A response that belongs to nothing.
    func stray() { strays.increment() }
    /// A response to an INVITE that its service could not be told of.
    func leaveUntold() { untold.increment() }
    func deliver() { delivered.increment() }
    func dispatch() { dispatched.increment() }
    /// A request that goes on to another target.
    func failover() { failovers.increment() }
    /// How many targets have failed and are remembered for it.
    func rememberFailed(_ count: Int) { dead.record(count) }
    /// A target was asked whether it lives.
    func probe(isAnswered: Bool) { (isAnswered ? probesAnswered : probesFailed).increment() }
}
