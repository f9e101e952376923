package import MachineKit
package import NIOCore

extension Moment {
    /// Now, on the time line of NIO's deadlines.
    package static var now: Moment { Moment(NIODeadline.now()) }

    package init(_ deadline: NIODeadline) {
        self.init(nanoseconds: Int64(clamping: deadline.uptimeNanoseconds))
    }
}
