package import MachineKit
package import SIPTransport

/// Which targets have failed lately: they stand behind the others until they answer again.
///
/// A target that failed is dead. At its next moment (5 s later, then twice as long each time, 5 min at most) it is asked
/// by an OPTIONS request whether it lives, so that no user's message has to find out; what an operator has configured is
/// asked every 30 s at least. Any answer makes it live. Only so many are asked; the others are taken for live again at
/// that moment, and the next failure waits twice as long. What nobody has wanted for ten minutes is forgotten.
///
/// A value that is told the time: equal inputs give equal answers.
package struct TargetMemory {
    package struct Limits: Hashable, Sendable {
        /// How long a target stands back after its first failure; later ones double it.
        package var first: Duration
        package var longest: Duration
        /// The longest for a configured target.
        package var longestConfigured: Duration
        /// After so long without a request for it, a target that nobody configured is forgotten.
        package var interest: Duration
        /// Targets that are remembered.
        package var capacity: Int
        /// Targets that are asked whether they live; 0 asks none.
        package var probed: Int

        package init(
            first: Duration = .seconds(5),
            longest: Duration = .seconds(300),
            longestConfigured: Duration = .seconds(30),
            interest: Duration = .seconds(600),
            capacity: Int = 4_096,
            probed: Int = 64
        ) {
            self.first = first
            self.longest = longest
            self.longestConfigured = longestConfigured
            self.interest = interest
            self.capacity = capacity
            self.probed = probed
        }
    }

    private struct Entry {
        var span: Duration
        /// When to ask it, or, if it is not asked, when it is taken for live again.
        var until: Moment
        var wanted: Moment
        var isConfigured: Bool
        var isProbed: Bool
        /// Whether an answer to a probe is awaited.
        var isBeingProbed = false
    }

    private let limits: Limits
    private var entries: [TransportTarget: Entry] = [:]
    private var agenda = TimerTable<TransportTarget>()
    private var probed = 0

    package init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// How many targets are remembered, the dead and those that may be live again.
    package var count: Int { entries.count }

    package var nextMoment: Moment? { mutating get { agenda.nextMoment } }

    /// Whether a target stands back.
    package func isDead(_ target: TransportTarget, at now: Moment) -> Bool {
        guard let entry = entries[target] else { return false }
        return entry.isProbed || entry.until > now
    }

    /// Puts the dead behind the live; the order among them stays.
    ///
    /// Whoever asks wants them all.
    package mutating func order<Element>(
        _ elements: [Element],
        by target: (Element) -> TransportTarget,
        at now: Moment
    ) -> [Element] {
        guard !entries.isEmpty else { return elements }
        var (live, dead): ([Element], [Element]) = ([], [])
        for element in elements {
            let place = target(element)
            if isDead(place, at: now) { dead.append(element) } else { live.append(element) }
            entries[place]?.wanted = now
        }
        return live + dead
    }

    /// A target could not be reached, did not answer, or has said how long it wants to be left alone.
    package mutating func failed(
        _ target: TransportTarget,
        retryAfter: Duration? = nil,
        isConfigured: Bool = false,
        at now: Moment
    ) {
        if let entry = entries[target] {
            // Many requests that fail in one outage are one failure.
            guard !entry.isProbed, entry.until <= now || retryAfter != nil else {
                entries[target]?.wanted = now
                return
            }
        } else {
            guard entries.count < limits.capacity else { return }
        }
        let configured = isConfigured || entries[target]?.isConfigured == true
        let longest = configured ? limits.longestConfigured : limits.longest
        var span = entries[target].map { min($0.span * 2, longest) } ?? limits.first
        if let retryAfter { span = min(max(retryAfter, limits.first), limits.longest) }
        let isProbed = probed < limits.probed
        if isProbed { probed += 1 }
        entries[target] = Entry(
            span: span,
            until: now + span,
            wanted: now,
            isConfigured: configured,
            isProbed: isProbed
        )
        agenda.set(target, at: now + span)
    }

    /// A target has answered.
    package mutating func answered(_ target: TransportTarget) {
        guard !entries.isEmpty, let entry = entries.removeValue(forKey: target) else { return }
        if entry.isProbed { probed -= 1 }
        agenda.cancel(target)
    }

    /// The targets to be asked now whether they live; of each, ``answered(_:)`` or
    /// ``probeFailed(_:retryAfter:at:)`` is to be told.
    package mutating func due(at now: Moment) -> [TransportTarget] {
        var targets: [TransportTarget] = []
        while let (target, _) = agenda.popDue(at: now) {
            guard let entry = entries[target] else { continue }
            if !entry.isConfigured, now - entry.wanted >= limits.interest {
                answered(target)
            } else if entry.isProbed {
                entries[target]?.isBeingProbed = true
                targets.append(target)
            } else {
                // It counts as live; how long it has stood back is kept for as long as anybody cares.
                agenda.set(target, at: entry.wanted + limits.interest)
            }
        }
        return targets
    }

    /// The target was asked whether it lives, and did not answer; false if nothing is known against it yet.
    package mutating func probeFailed(
        _ target: TransportTarget,
        retryAfter: Duration? = nil,
        at now: Moment
    ) -> Bool {
        guard let entry = entries[target], entry.isProbed else { return false }
        guard entry.isBeingProbed else { return true }
        let longest = entry.isConfigured ? limits.longestConfigured : limits.longest
        var span = min(entry.span * 2, longest)
        if let retryAfter { span = min(max(retryAfter, limits.first), limits.longest) }
        entries[target]?.isBeingProbed = false
        entries[target]?.span = span
        entries[target]?.until = now + span
        agenda.set(target, at: now + span)
        return true
    }
}
