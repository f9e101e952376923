/// Prometheus' text format, version 0.0.4.
///
///     # HELP causeway_sip_messages_total SIP messages received.
///     # TYPE causeway_sip_messages_total counter
///     causeway_sip_messages_total{method="MESSAGE"} 42
enum Exposition {
    static func write(_ name: String, _ family: MetricFamily, into text: inout String) {
        if let help = family.help {
            let line = help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
            text += "# HELP \(name) \(line)\n"
        }
        text += "# TYPE \(name) \(family.kind.rawValue)\n"
        for (labels, cell) in family.members.sorted(by: { $0.key.text < $1.key.text }) {
            switch cell {
            case .counter(let cell): text += "\(name)\(labels.braced()) \(cell.value)\n"
            case .floatingCounter(let cell): text += "\(name)\(labels.braced()) \(number(cell.value))\n"
            case .gauge(let cell): text += "\(name)\(labels.braced()) \(number(cell.value))\n"
            case .histogram(let cell): write(name, labels, cell, into: &text)
            }
        }
    }

    private static func write(
        _ name: String,
        _ labels: MetricLabels,
        _ cell: HistogramCell,
        into text: inout String
    ) {
        let cumulated = cell.cumulated
        for index in cell.bounds.indices {
            let bound = labels.braced(adding: "le=\"\(number(cell.bounds[index]))\"")
            text += "\(name)_bucket\(bound) \(cumulated[index])\n"
        }
        let all = cumulated.last ?? 0
        text += "\(name)_bucket\(labels.braced(adding: "le=\"+Inf\"")) \(all)\n"
        text += "\(name)_sum\(labels.braced()) \(number(cell.sum))\n"
        text += "\(name)_count\(labels.braced()) \(all)\n"
    }

    /// A number without a needless fraction.
    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return Int64(exactly: value).map { String($0) } ?? "\(value)"
    }
}
