import Synchronization

/// Counts of observations by size: fifteen upper bounds, and one count for what exceeds them all.
///
/// One relaxed atomic addition an observation; a reader may see an observation in the counts before it is in the sum.
struct Buckets: ~Copyable, Sendable {
    /// From half a millisecond, below which nobody cares, to the length of a SIP transaction (RFC 3261 Timer F: 32 s).
    static let seconds: InlineArray<15, Double> = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 32,
    ]
    /// Powers of four, for sizes in octets and numbers of things.
    static let sizes: InlineArray<15, Double> = [
        1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864,
        268_435_456,
    ]

    let bounds: InlineArray<15, Double>
    private let counts: InlineArray<16, Atomic<UInt64>>

    init(_ bounds: InlineArray<15, Double>) {
        self.bounds = bounds
        counts = InlineArray { _ in Atomic(0) }
    }

    /// Counts one observation under the first bound that is not below it.
    func observe(_ value: Double) {
        var index = 0
        while index < bounds.count, value > bounds[index] { index += 1 }
        counts[index].wrappingAdd(1, ordering: .relaxed)
    }

    /// How many observations are at most each bound, and last how many there are at all.
    var cumulated: [UInt64] {
        var sum: UInt64 = 0
        return counts.indices.map { index in
            sum += counts[index].load(ordering: .relaxed)
            return sum
        }
    }
}
