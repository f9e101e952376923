import Metrics
import SIPGrammar

/// What the edge counts.
package final class EdgeMetrics {
    private var answers: [Int: Counter] = [:]
    private let repeats = Counter(label: "causeway_sip_repeats_total")
    private let strays = Counter(label: "causeway_sip_strays_total")
    private let delivered = Counter(label: "causeway_sip_delivered_total")
    private let dispatched = Counter(label: "causeway_sip_dispatched_total")

    package init() {}

    func answer(_ status: Int) {
        if let counter = answers[status] { return counter.increment() }
        // The statuses are ours or SIPAnswer's, hence few; what is beyond the range is counted as its class.
        let status = (100...699).contains(status) ? status : 500
        let counter = Counter(label: "causeway_sip_answers_total", dimensions: [("status", String(status))])
        answers[status] = counter
        counter.increment()
    }

    /// A request that came again and was answered as before, or not yet.
    func `repeat`() { repeats.increment() }
    /// A response that belongs to nothing.
    func stray() { strays.increment() }
    func deliver() { delivered.increment() }
    func dispatch() { dispatched.increment() }
}
