/// How long to wait between attempts: exponentially longer, spread at random so that peers of a restarted server do
/// not all return at once (RFC 6120 section 3.3).
public struct Backoff: Hashable, Sendable {
    public let first: Duration
    public let longest: Duration
    private var attempts = 0

    public init(first: Duration = .milliseconds(500), longest: Duration = .seconds(30)) {
        self.first = first
        self.longest = longest
    }

    /// Starts again from the shortest wait: an attempt succeeded.
    public mutating func reset() {
        attempts = 0
    }

    /// The wait before the next attempt: between half of the current step and all of it.
    public mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        let step = min(longest, first * (1 << min(attempts, 20)))
        attempts = min(attempts + 1, 20)
        return step / 2 + step * Double.random(in: 0...0.5, using: &generator)
    }
}
