import Metrics
import Synchronization

/// A number that goes up: one atomic addition.
final class CounterCell: CounterHandler {
    private let total = Atomic<Int64>(0)

    var value: Int64 { total.load(ordering: .relaxed) }

    func increment(by amount: Int64) {
        total.wrappingAdd(amount, ordering: .relaxed)
    }

    func reset() {
        total.store(0, ordering: .relaxed)
    }
}

/// A number that goes up by fractions.
final class FloatingCounterCell: FloatingPointCounterHandler {
    private let total = AtomicDouble()

    var value: Double { total.value }

    func increment(by amount: Double) {
        // NaN would stay for ever, and a counter does not fall.
        if amount > 0, amount.isFinite { total.add(amount) }
    }

    func reset() {
        total.set(0)
    }
}

/// A number that goes up and down: a meter, or a recorder that keeps the last value.
final class GaugeCell: MeterHandler, RecorderHandler {
    private let current = AtomicDouble()

    var value: Double { current.value }

    func set(_ value: Int64) {
        current.set(Double(value))
    }

    func set(_ value: Double) {
        current.set(value)
    }

    func increment(by amount: Double) {
        current.add(amount)
    }

    func decrement(by amount: Double) {
        current.add(-amount)
    }

    func record(_ value: Int64) {
        set(value)
    }

    func record(_ value: Double) {
        set(value)
    }
}

/// The distribution of durations or sizes.
final class HistogramCell: TimerHandler, RecorderHandler {
    private let buckets: Buckets
    private let total = AtomicDouble()

    init(_ bounds: InlineArray<15, Double>) {
        buckets = Buckets(bounds)
    }

    var bounds: InlineArray<15, Double> { buckets.bounds }
    var cumulated: [UInt64] { buckets.cumulated }
    var sum: Double { total.value }

    func recordNanoseconds(_ duration: Int64) {
        record(Double(duration) / 1e9)
    }

    func record(_ value: Int64) {
        record(Double(value))
    }

    func record(_ value: Double) {
        guard value.isFinite else { return }
        buckets.observe(value)
        total.add(value)
    }
}

/// A floating-point number that several threads change.
struct AtomicDouble: ~Copyable, Sendable {
    private let bits = Atomic<UInt64>(0)

    var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    func set(_ value: Double) {
        bits.store(value.bitPattern, ordering: .relaxed)
    }

    func add(_ amount: Double) {
        var old = bits.load(ordering: .relaxed)
        while true {
            let new = (Double(bitPattern: old) + amount).bitPattern
            let (exchanged, original) = bits.weakCompareExchange(
                expected: old,
                desired: new,
                ordering: .relaxed
            )
            if exchanged { return }
            old = original
        }
    }
}
