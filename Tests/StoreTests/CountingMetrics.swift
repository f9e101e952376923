import Metrics
import Synchronization

/// Adds up what is counted, under label and last dimension.
final class CountingMetrics: MetricsFactory {
    private final class Cell: CounterHandler, TimerHandler, RecorderHandler {
        let sum = Atomic<Int64>(0)

        func increment(by amount: Int64) { sum.add(amount, ordering: .relaxed) }
        func reset() { sum.store(0, ordering: .relaxed) }
        func recordNanoseconds(_ duration: Int64) { sum.add(1, ordering: .relaxed) }
        func record(_ value: Int64) { sum.add(1, ordering: .relaxed) }
        func record(_ value: Double) { sum.add(1, ordering: .relaxed) }
    }

    private let cells = Mutex<[String: Cell]>([:])

    /// The sum of a counter, or how often a timer was told.
    subscript(_ name: String) -> Int64 {
        cells.withLock { $0[name]?.sum.load(ordering: .relaxed) ?? 0 }
    }

    private func cell(_ label: String, _ dimensions: [(String, String)]) -> Cell {
        let name = ([label] + dimensions.map(\.1)).joined(separator: " ")
        return cells.withLock { cells in
            let cell = cells[name] ?? Cell()
            cells[name] = cell
            return cell
        }
    }

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        cell(label, dimensions)
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        cell(label, dimensions)
    }

    func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler {
        cell(label, dimensions)
    }

    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
}
