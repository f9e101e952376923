import Foundation

/// A moment that all processes of a host agree on.
///
/// It counts from the host's start, so nobody can set it, and means nothing after the next start: therefore it bears the
/// start's name.
package struct HostTime: Hashable, Sendable {
    /// Names this run of the host's kernel.
    package var boot: String
    /// Since that start.
    package var milliseconds: Int64

    package init(boot: String, milliseconds: Int64) {
        self.boot = boot
        self.milliseconds = milliseconds
    }

    /// Now, by the host's monotonic clock.
    package static var now: HostTime {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return HostTime(
            boot: currentBoot,
            milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
        )
    }

    /// The kernel's own name for this start; where there is none, leases outlive a restart by their time to live.
    private static let currentBoot: String = {
        let text = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
        return text?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "unknown"
    }()
}
