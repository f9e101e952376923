extension Duration {
    /// Whole microseconds, rounded down; as many as fit.
    var wholeMicroseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        guard !overflow else { return seconds < 0 ? .min / 2 : .max / 2 }
        return whole + attoseconds / 1_000_000_000_000
    }

    /// Whole milliseconds, rounded down.
    var wholeMilliseconds: Int64 { wholeMicroseconds / 1000 }
}
