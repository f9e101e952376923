import Glibc

/// Times work that is repeated, and prints what it cost.
enum Stopwatch {
    /// Repeats the work in batches for about two seconds, after a tenth of that to warm up, and takes the best batch.
    ///
    /// What disturbs a measurement only ever makes it slower.
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

    /// One row; `processor` is the time of all threads together, where that is not the same.
    static func row(_ what: String, count: Int, took duration: Duration, processor: Duration? = nil) {
        let each = microseconds(duration) / Double(count)
        let cost = microseconds(processor ?? duration) / Double(count)
        print("| \(what) | \(Int(1e6 / each)) | \(rounded(each)) µs | \(rounded(cost)) µs |")
    }

    /// The processor time that this process has had.
    static func processorTime() -> Duration {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    private static func microseconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) * 1e6 + Double(duration.components.attoseconds) / 1e12
    }

    private static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}

/// Keeps the optimiser from leaving out work whose result nobody looks at.
@inline(never)
func use(_ value: borrowing some Any) {}
