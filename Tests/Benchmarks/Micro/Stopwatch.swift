/// Times work that is repeated, and prints what it cost.
enum Stopwatch {
    /// Repeats the work in batches for about two seconds, after a tenth of that to warm up, and takes the best batch:
    /// what disturbs a measurement only ever makes it slower.
    static func time(_ what: String, batch: Int = 2_000, _ work: () throws -> Void) rethrows {
        let clock = ContinuousClock()
        let warm = clock.now.advanced(by: .milliseconds(200))
        while clock.now < warm { try work() }
        var best = Duration.seconds(3_600)
        let end = clock.now.advanced(by: .seconds(2))
        while clock.now < end {
            best = min(best, try clock.measure { for _ in 0..<batch { try work() } })
        }
        row(what, count: batch, took: best)
    }

    static func row(_ what: String, count: Int, took duration: Duration) {
        let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
        let microseconds = (seconds / Double(count) * 1e8).rounded() / 100
        print("| \(what) | \(Int(Double(count) / seconds)) | \(microseconds) µs |")
    }
}

/// Keeps the optimiser from leaving out work whose result nobody looks at.
@inline(never)
func use(_ value: borrowing some Any) {}
