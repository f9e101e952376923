import Glibc
package import MachineKit

extension WallTime {
    /// The calendar's time, by the system's clock.
    package static func ofSystem() -> WallTime {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
