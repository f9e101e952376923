package import Metrics
import Synchronization

/// The figures of one process, behind swift-metrics.
///
/// Making a counter takes a lock and a look-up, so whoever counts often keeps the counter; counting itself is one
/// atomic addition. The number of label combinations of one name is bounded: what comes after the bound is counted
/// together under `overflow="true"`, so that a peer who invents values cannot make the process grow.
package final class MetricsRegistry: MetricsFactory {
    private struct State {
        var families: [String: MetricFamily] = [:]
        var help: [String: String] = [:]
        /// How many times a figure had to do without a place of its own.
        var overflows: UInt64 = 0
    }

    private let prefix: String
    private let mostMembers: Int
    private let mostFamilies: Int
    private let state = Mutex(State())

    /// Makes an empty registry whose names all begin with the prefix.
    package init(prefix: String = "causeway_", mostMembers: Int = 256, mostFamilies: Int = 1024) {
        self.prefix = prefix
        self.mostMembers = mostMembers
        self.mostFamilies = mostFamilies
    }

    /// Says what a figure means, for the `# HELP` line; the label is the one that the counter is made with.
    package func describe(_ label: String, _ help: String) {
        state.withLock { $0.help[label] = help }
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        let made = member(label, "_total", .counter, dimensions) { .counter(CounterCell()) }
        guard case .counter(let cell) = made else { return CounterCell() }
        return cell
    }

    package func makeFloatingPointCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        let made = member(label, "_total", .counter, dimensions) { .floatingCounter(FloatingCounterCell()) }
        guard case .floatingCounter(let cell) = made else { return FloatingCounterCell() }
        return cell
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, dimensions)
    }

    package func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler {
        aggregate ? histogram(label, "", dimensions, Buckets.sizes) : gauge(label, dimensions)
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(label, "_seconds", dimensions, Buckets.seconds)
    }

    package func destroyCounter(_ handler: any CounterHandler) {
        remove(handler)
    }

    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {
        remove(handler)
    }

    package func destroyMeter(_ handler: any MeterHandler) {
        remove(handler)
    }

    package func destroyRecorder(_ handler: any RecorderHandler) {
        remove(handler)
    }

    package func destroyTimer(_ handler: any TimerHandler) {
        remove(handler)
    }

    /// All figures in Prometheus' text format (version 0.0.4), sorted by name and labels.
    package func exposition() -> String {
        let (families, overflows) = state.withLock { ($0.families, $0.overflows) }
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) where !family.members.isEmpty {
            Exposition.write(name, family, into: &text)
        }
        if overflows > 0 {
            let name = prefix + "metrics_overflows_total"
            text += "# TYPE \(name) counter\n\(name) \(overflows)\n"
        }
        return text
    }

    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> GaugeCell {
        guard case .gauge(let cell) = member(label, "", .gauge, dimensions, make: { .gauge(GaugeCell()) })
        else {
            return GaugeCell()
        }
        return cell
    }

    private func histogram(
        _ label: String,
        _ suffix: String,
        _ dimensions: [(String, String)],
        _ bounds: InlineArray<15, Double>
    ) -> HistogramCell {
        let made = member(label, suffix, .histogram, dimensions) { .histogram(HistogramCell(bounds)) }
        guard case .histogram(let cell) = made else { return HistogramCell(bounds) }
        return cell
    }

    /// The cell of a figure, made when it is new; `nil` when the name is taken by another kind or there are too many.
    private func member(
        _ label: String,
        _ suffix: String,
        _ kind: MetricKind,
        _ dimensions: [(String, String)],
        make: () -> MetricCell
    ) -> MetricCell? {
        let clean = MetricName.clean(label)
        let name = (clean.hasPrefix(prefix) ? "" : prefix) + clean + (clean.hasSuffix(suffix) ? "" : suffix)
        let labels = MetricLabels(dimensions)
        return state.withLock { state in
            let isNew = state.families[name] == nil
            guard !isNew || state.families.count < mostFamilies else {
                state.overflows += 1
                return nil
            }
            var family = state.families.removeValue(forKey: name) ?? MetricFamily(kind: kind)
            defer { state.families[name] = family }
            family.help = state.help[label]
            guard family.kind == kind else {
                state.overflows += 1
                return nil
            }
            if let cell = family.members[labels] { return cell }
            let isFull = family.members.count >= mostMembers
            if isFull { state.overflows += 1 }
            let key = isFull ? MetricLabels.overflow : labels
            if let cell = family.members[key] { return cell }
            let cell = make()
            family.members[key] = cell
            return cell
        }
    }

    private func remove(_ handler: any AnyObject) {
        state.withLock { state in
            for (name, family) in state.families {
                guard let found = family.members.first(where: { $0.value.handler === handler }) else {
                    continue
                }
                state.families[name]?.members[found.key] = nil
                return
            }
        }
    }
}
