package import MachineKit

/// One MESSAGE outside a dialog at a time for each target (RFC 3428 section 8), the others in their order behind it.
package struct TargetQueues<Job> {
    package enum Admission {
        /// Nothing is outstanding for the target: go ahead.
        case go(Job)
        case queued
        /// Too many wait already.
        case refused(Job)
    }

    private struct Waiting {
        var job: Job
        var until: Moment
    }

    /// What waits behind the one that is outstanding.
    private struct Line {
        var waiting: [Waiting] = []
        /// When the agenda will have it looked at.
        var watched: Moment?
    }

    private let limits: QueueLimits
    /// A target with nothing outstanding is not here.
    private var lines: [String: Line] = [:]
    private var agenda = TimerTable<String>()
    /// How many wait for all targets together.
    package private(set) var count = 0

    package init(limits: QueueLimits) {
        self.limits = limits
    }

    /// Targets that have something outstanding.
    package var outstanding: Int { lines.count }

    package var nextMoment: Moment? { mutating get { agenda.nextMoment } }

    package mutating func enter(
        _ job: Job,
        target: String,
        until deadline: Moment,
        at now: Moment
    ) -> Admission {
        guard var line = lines[target] else {
            guard count + outstanding < limits.total else { return .refused(job) }
            lines[target] = Line()
            return .go(job)
        }
        guard line.waiting.count < limits.entries, count + outstanding < limits.total else {
            return .refused(job)
        }
        line.waiting.append(Waiting(job: job, until: min(deadline, now + limits.age)))
        count += 1
        settle(line, target)
        return .queued
    }

    /// The one that was outstanding has ended: the next of the same target.
    package mutating func leave(_ target: String) -> Job? {
        guard var line = lines[target] else { return nil }
        guard !line.waiting.isEmpty else {
            lines[target] = nil
            return nil
        }
        let next = line.waiting.removeFirst()
        count -= 1
        settle(line, target)
        return next.job
    }

    /// Takes jobs out of their lines, in their order.
    package mutating func remove(where isMeant: (Job) -> Bool) -> [Job] {
        var jobs: [Job] = []
        for (target, line) in lines where line.waiting.contains(where: { isMeant($0.job) }) {
            var line = line
            jobs += line.waiting.filter { isMeant($0.job) }.map(\.job)
            line.waiting.removeAll { isMeant($0.job) }
            settle(line, target)
        }
        count -= jobs.count
        return jobs
    }

    /// Those that have waited too long.
    package mutating func expired(at now: Moment) -> [Job] {
        var jobs: [Job] = []
        while let (target, _) = agenda.popDue(at: now) {
            guard var line = lines[target] else { continue }
            let late = line.waiting.filter { $0.until <= now }
            line.waiting.removeAll { $0.until <= now }
            line.watched = nil
            count -= late.count
            jobs += late.map(\.job)
            settle(line, target)
        }
        return jobs
    }

    /// Keeps a line, and has it looked at when the first of it has waited too long; too early does no harm.
    private mutating func settle(_ line: Line, _ target: String) {
        var line = line
        if line.waiting.isEmpty {
            if line.watched != nil { agenda.cancel(target) }
            line.watched = nil
        } else if let last = line.waiting.last, line.watched.map({ last.until < $0 }) ?? true {
            let soonest = line.waiting.lazy.map(\.until).min() ?? last.until
            agenda.set(target, at: soonest)
            line.watched = soonest
        }
        lines[target] = line
    }
}
