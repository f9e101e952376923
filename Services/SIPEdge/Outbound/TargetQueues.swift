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

    private let limits: QueueLimits
    /// What waits behind the one that is outstanding; a target with nothing outstanding is not here.
    private var waiting: [String: [Waiting]] = [:]
    private var agenda = TimerTable<String>()
    /// How many wait for all targets together.
    package private(set) var count = 0

    package init(limits: QueueLimits) {
        self.limits = limits
    }

    /// Targets that have something outstanding.
    package var outstanding: Int { waiting.count }

    package var nextMoment: Moment? { mutating get { agenda.nextMoment } }

    package mutating func enter(_ job: Job, target: String, until deadline: Moment, at now: Moment) -> Admission {
        guard let line = waiting[target] else {
            waiting[target] = []
            return .go(job)
        }
        guard line.count < limits.entries, count + outstanding < limits.total else { return .refused(job) }
        let until = min(deadline, now + limits.age)
        if line.isEmpty { agenda.set(target, at: until) }
        waiting[target, default: []].append(Waiting(job: job, until: until))
        count += 1
        return .queued
    }

    /// The one that was outstanding has ended: the next of the same target.
    package mutating func leave(_ target: String) -> Job? {
        guard var line = waiting[target] else { return nil }
        guard !line.isEmpty else {
            waiting[target] = nil
            return nil
        }
        let next = line.removeFirst()
        count -= 1
        waiting[target] = line
        watch(target)
        return next.job
    }

    /// Those that have waited too long.
    package mutating func expired(at now: Moment) -> [Job] {
        var jobs: [Job] = []
        while let (target, _) = agenda.popDue(at: now) {
            guard var line = waiting[target] else { continue }
            jobs += line.filter { $0.until <= now }.map(\.job)
            let before = line.count
            line.removeAll { $0.until <= now }
            count -= before - line.count
            waiting[target] = line
            watch(target)
        }
        return jobs
    }

    private mutating func watch(_ target: String) {
        if let first = waiting[target]?.lazy.map(\.until).min() {
            agenda.set(target, at: first)
        } else {
            agenda.cancel(target)
        }
    }
}
