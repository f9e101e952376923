package import MachineKit
package import SIPTransport

/// How often each address may ask: a bucket that holds one second's worth.
///
/// Addresses that have been quiet for a second are forgotten when room is needed; if there is none all the same, those
/// that are new share one bucket, so that a flood from everywhere is limited too.
package struct RateLimits {
    private struct Bucket {
        /// What is left, in billionths of a request.
        var tokens: Int64
        var filled: Moment
    }

    private static let unit: Int64 = 1_000_000_000

    package let perSecond: Int
    package let capacity: Int
    private var buckets: [IPAddress: Bucket] = [:]
    private var shared: Bucket?

    package init(perSecond: Int, capacity: Int = 65_536) {
        self.perSecond = max(1, min(perSecond, 1_000_000))
        self.capacity = capacity
    }

    package var count: Int { buckets.count }

    /// Takes one request's worth from an address's bucket; false if it is empty.
    package mutating func admits(_ address: IPAddress, at now: Moment) -> Bool {
        // Whoever has one IPv6 address has 2^64 of them.
        let key = address.isIPv4 ? address : IPAddress(high: address.high, low: 0)
        if buckets[key] == nil {
            if buckets.count >= capacity { forgetQuiet(now) }
            guard buckets.count < capacity else {
                return Self.take(from: &shared, perSecond, now)
            }
        }
        return Self.take(from: &buckets[key], perSecond, now)
    }

    private static func take(from slot: inout Bucket?, _ perSecond: Int, _ now: Moment) -> Bool {
        let most = Int64(perSecond) * unit
        var bucket = slot ?? Bucket(tokens: most, filled: now)
        let elapsed = min(max(0, now.nanoseconds - bucket.filled.nanoseconds), unit)
        bucket.tokens = min(bucket.tokens + elapsed * Int64(perSecond), most)
        bucket.filled = now
        let isEnough = bucket.tokens >= unit
        if isEnough { bucket.tokens -= unit }
        slot = bucket
        return isEnough
    }

    private mutating func forgetQuiet(_ now: Moment) {
        buckets = buckets.filter { now - $0.value.filled < .seconds(1) }
    }
}
