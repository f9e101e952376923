import Glibc
package import MachineKit
package import NIOCore

extension WallTime {
    /// The system's time of day.
    package static var now: WallTime {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

extension Moment {
    /// Now, on the time line of NIO's deadlines.
    package static var now: Moment { Moment(NIODeadline.now()) }

    package init(_ deadline: NIODeadline) {
        self.init(nanoseconds: Int64(clamping: deadline.uptimeNanoseconds))
    }
}
