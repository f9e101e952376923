/// When a session comes again: `r=7d 1h 0 25h` (RFC 8866 section 5.10).
public struct SDPRepeat: Hashable, Sendable, CustomStringConvertible {
    /// Seconds from one series of repetitions to the next.
    public var interval: Int64
    /// Seconds that each lasts.
    public var duration: Int64
    /// Seconds from the start time to each repetition of a series.
    public var offsets: [Int64]

    public init(interval: Int64, duration: Int64, offsets: [Int64]) {
        self.interval = interval
        self.duration = duration
        self.offsets = offsets
    }

    /// Reads what stands behind `r=`.
    public init?(parsing text: String) {
        let octets = text.utf8.span
        self.init(octets, 0..<octets.count)
    }

    init?(_ octets: Span<UInt8>, _ range: Range<Int>) {
        var cursor = Cursor(range)
        guard let interval = SDPTypedTime.seconds(octets, &cursor), interval > 0,
            let duration = SDPTypedTime.seconds(octets, &cursor)
        else { return nil }
        var offsets: [Int64] = []
        while !cursor.isFinished(octets) {
            guard let offset = SDPTypedTime.seconds(octets, &cursor) else { return nil }
            offsets.append(offset)
        }
        guard !offsets.isEmpty else { return nil }
        self.init(interval: interval, duration: duration, offsets: offsets)
    }

    /// The line in seconds, which is a spelling that everyone reads.
    public var description: String {
        ([interval, duration] + offsets).map { String($0) }.joined(separator: " ")
    }
}
