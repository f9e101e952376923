import MachineKit
import NIOCore

/// One scheduled task for all that waits, at the earliest of its moments.
final class Alarm {
    /// What falls due within this is done together.
    private static let grain = TimeAmount.milliseconds(5)

    private let loop: any EventLoop
    private let action: () -> Void
    private var scheduled: (task: Scheduled<Void>, at: NIODeadline)?

    init(loop: any EventLoop, action: @escaping () -> Void) {
        self.loop = loop
        self.action = action
    }

    /// Asks for the action at a moment, or earlier if an earlier one was asked for.
    func need(at moment: Moment) {
        let deadline = NIODeadline.uptimeNanoseconds(UInt64(clamping: moment.nanoseconds))
        if let scheduled {
            guard deadline < scheduled.at else { return }
            scheduled.task.cancel()
        }
        let task = loop.assumeIsolatedUnsafeUnchecked().scheduleTask(deadline: deadline + Self.grain) {
            [self] in
            scheduled = nil
            action()
        }
        scheduled = (task, deadline)
    }

    func cancel() {
        scheduled?.task.cancel()
        scheduled = nil
    }
}

extension EventLoop {
    /// Now, on the time line of the loop's own clock.
    var moment: Moment { Moment(nanoseconds: Int64(clamping: now.uptimeNanoseconds)) }
}
