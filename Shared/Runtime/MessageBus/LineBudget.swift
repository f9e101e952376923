package import MachineKit

/// How many lines of one kind a log still takes: a few at once, then one each interval; the others are counted.
///
/// What peers can cause at any rate must not fill a disk or hide the rest of a log.
package struct LineBudget: Sendable {
    private let burst: Int
    private let interval: Duration
    private var credit: Int
    private var earnedUntil: Moment?
    private var omitted = 0

    package init(burst: Int = 3, interval: Duration = .seconds(1)) {
        self.burst = burst
        self.interval = interval
        credit = burst
    }

    /// Takes a line out of the budget.
    ///
    /// - Returns: how many lines were left out since the last one; nil when this one is to be left out too.
    package mutating func spend(at now: Moment) -> Int? {
        earn(now)
        guard credit > 0 else {
            omitted += 1
            return nil
        }
        credit -= 1
        defer { omitted = 0 }
        return omitted
    }

    private mutating func earn(_ now: Moment) {
        let since = earnedUntil ?? now
        let earned = max(0, (now - since).inNanoseconds / interval.inNanoseconds)
        credit = Int(clamping: min(Int64(burst), Int64(credit) + earned))
        earnedUntil = credit == burst ? now : since + .nanoseconds(earned * interval.inNanoseconds)
    }
}
