/// How long messages took: counts by tens of microseconds, up to ten seconds.
struct Latencies {
    private var counts = [UInt32](repeating: 0, count: 1_000_000)
    private(set) var total = 0
    private(set) var longest: Int64 = 0

    mutating func add(_ nanoseconds: Int64) {
        counts[min(Int(nanoseconds / 10_000), counts.count - 1)] += 1
        total += 1
        longest = max(longest, nanoseconds)
    }

    /// The time in milliseconds within which the fraction of messages was through.
    func quantile(_ fraction: Double) -> Double {
        let wanted = Int((Double(total) * fraction).rounded(.up))
        var seen = 0
        for (bucket, count) in counts.enumerated() where count > 0 {
            seen += Int(count)
            if seen >= wanted { return Double(bucket + 1) / 100 }
        }
        return 0
    }
}
