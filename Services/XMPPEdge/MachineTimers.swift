import MachineKit
import NIOCore

/// The timers that one machine has set, on an event loop: one scheduled task for all of them.
final class MachineTimers<Timer: Hashable & Sendable> {
    private let loop: any EventLoop
    private var table = TimerTable<Timer>()
    private var wake: (task: Scheduled<Void>, at: Moment)?
    private var fire: ((Timer, Moment) -> Void)?

    init(loop: any EventLoop) {
        self.loop = loop
    }

    /// Who is told when a timer falls due.
    func start(_ fire: @escaping (Timer, Moment) -> Void) {
        self.fire = fire
    }

    func set(_ timer: Timer, at moment: Moment) {
        table.set(timer, at: moment)
        arm()
    }

    func cancel(_ timer: Timer) {
        table.cancel(timer)
    }

    func stop() {
        fire = nil
        wake?.task.cancel()
        wake = nil
        table = TimerTable()
    }

    private func arm() {
        guard fire != nil, let next = table.nextMoment else { return }
        // A wake that comes too early finds nothing due and arms again: cheaper than moving it each time.
        if let wake, wake.at <= next { return }
        wake?.task.cancel()
        let deadline = NIODeadline.uptimeNanoseconds(UInt64(clamping: next.nanoseconds))
        let task = loop.assumeIsolated().scheduleTask(deadline: deadline) { [weak self] in
            guard let self else { return }
            work()
        }
        wake = (task, next)
    }

    private func work() {
        wake = nil
        let now = Moment(loop)
        while let (timer, _) = table.popDue(at: now) { fire?(timer, now) }
        arm()
    }
}

extension Moment {
    /// Now, on an event loop's time line.
    init(_ loop: any EventLoop) {
        self.init(nanoseconds: Int64(clamping: loop.now.uptimeNanoseconds))
    }
}
