import MachineKit

/// How much somebody may still do now, filled again at a steady rate.
struct TokenBucket: Hashable, Sendable {
    private let rate: Double
    private var tokens: Double
    private var at: Moment

    /// Full: a second's worth.
    init(rate: Double, at now: Moment) {
        self.rate = rate
        tokens = max(1, rate)
        at = now
    }

    /// Takes one; how long the one must pause whom it was taken for, or nil.
    ///
    /// A pause lasts until a tenth of a second's worth is there again, so that it is not one for each stanza.
    mutating func take(at now: Moment) -> Duration? {
        let elapsed = Double((now - at).inNanoseconds) / 1e9
        tokens = min(max(1, rate), tokens + elapsed * rate) - 1
        at = now
        guard tokens < 0 else { return nil }
        return .nanoseconds(Int64((max(1, rate / 10) - tokens) / rate * 1e9))
    }

    /// Whether nothing was taken for so long that it says nothing any more.
    func isFull(at now: Moment) -> Bool {
        tokens + Double((now - at).inNanoseconds) / 1e9 * rate >= max(1, rate)
    }
}
