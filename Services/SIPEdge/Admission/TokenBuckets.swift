import MachineKit

/// How often each of many may ask: buckets that hold one second's worth.
///
/// Those that have been quiet for a second are forgotten when room is needed; if there is none all the same, those that
/// are new share one bucket, so that a flood from everywhere is limited too.
struct TokenBuckets<Key: Hashable> {
    private struct Bucket {
        /// What is left, in billionths of a request.
        var tokens: Int64
        /// What is left of refusals.
        var refusals: Int64
        var filled: Moment
    }

    private static var unit: Int64 { 1_000_000_000 }
    /// Of ten that could be admitted, one may be refused with words.
    private static var refusedOf: Int { 10 }

    let perSecond: Int
    let capacity: Int
    private let refusalsPerSecond: Int
    private var buckets: [Key: Bucket] = [:]
    private var shared: Bucket?

    init(perSecond: Int, capacity: Int) {
        self.perSecond = max(1, min(perSecond, 1_000_000))
        self.capacity = capacity
        refusalsPerSecond = max(1, self.perSecond / Self.refusedOf)
    }

    var count: Int { buckets.count }

    /// Takes one request's worth from a bucket; a refusal's worth if it is empty.
    mutating func take(_ key: Key, at now: Moment) -> RateLimits.Decision {
        if buckets[key] == nil {
            if buckets.count >= capacity { forgetQuiet(now) }
            guard buckets.count < capacity else { return take(from: &shared, now) }
        }
        return take(from: &buckets[key], now)
    }

    private func take(from slot: inout Bucket?, _ now: Moment) -> RateLimits.Decision {
        let (most, mostRefusals) = (Int64(perSecond) * Self.unit, Int64(refusalsPerSecond) * Self.unit)
        var bucket = slot ?? Bucket(tokens: most, refusals: mostRefusals, filled: now)
        let elapsed = min(max(0, now.nanoseconds - bucket.filled.nanoseconds), Self.unit)
        bucket.tokens = min(bucket.tokens + elapsed * Int64(perSecond), most)
        bucket.refusals = min(bucket.refusals + elapsed * Int64(refusalsPerSecond), mostRefusals)
        bucket.filled = now
        defer { slot = bucket }
        if bucket.tokens >= Self.unit {
            bucket.tokens -= Self.unit
            return .admit
        }
        guard bucket.refusals >= Self.unit else { return .drop }
        bucket.refusals -= Self.unit
        return .refuse
    }

    private mutating func forgetQuiet(_ now: Moment) {
        buckets = buckets.filter { now - $0.value.filled < .seconds(1) }
    }
}
