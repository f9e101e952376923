package import MachineKit

/// Notices that the host's time of day was set: it went on by more or less than the time that has passed.
///
/// Leases do not run by it, so all goes on; but the moments of delayed messages, of logs and of timers that change hands
/// do. A host that slept looks the same: its monotonic clock does not count that.
package struct ClockWatch: Sendable {
    /// What a clock that is kept right by small steps stays below from one beat to the next.
    package static let tolerance = Duration.seconds(1)

    private var last: (time: WallTime, moment: Moment)?

    package init() {}

    /// By how much the time of day has jumped since the last look: forwards, or backwards if it is negative; nil when it
    /// went on as it should.
    package mutating func look(_ time: WallTime, at now: Moment) -> Duration? {
        defer { last = (time, now) }
        guard let last else { return nil }
        let jump = .milliseconds(time.milliseconds - last.time.milliseconds) - (now - last.moment)
        return jump > Self.tolerance || jump < .zero - Self.tolerance ? jump : nil
    }
}
