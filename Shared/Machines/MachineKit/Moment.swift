/// A point on a process's monotonic time line, in nanoseconds since its start.
public struct Moment: Hashable, Comparable, Sendable {
    /// Nanoseconds since the time line began.
    public var nanoseconds: Int64

    @inlinable public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    @inlinable public static var start: Moment { Moment(nanoseconds: 0) }

    public var sinceStart: Duration { .nanoseconds(nanoseconds) }

    @inlinable
    public static func < (left: Moment, right: Moment) -> Bool { left.nanoseconds < right.nanoseconds }

    @inlinable
    public static func + (left: Moment, right: Duration) -> Moment {
        Moment(nanoseconds: left.nanoseconds + right.inNanoseconds)
    }

    @inlinable
    public static func - (left: Moment, right: Moment) -> Duration {
        .nanoseconds(left.nanoseconds - right.nanoseconds)
    }
}

extension Duration {
    /// The whole nanoseconds of this duration; durations beyond 292 years are clamped.
    @inlinable public var inNanoseconds: Int64 {
        Int64(clamping: attoseconds / 1_000_000_000)
    }
}

/// A point of calendar time, for headers and stamps that people read; never for measuring.
public struct WallTime: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970-01-01 00:00 UTC.
    public var milliseconds: Int64

    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    public static func < (left: WallTime, right: WallTime) -> Bool { left.milliseconds < right.milliseconds }
}
