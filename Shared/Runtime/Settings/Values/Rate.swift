/// How many in how long: `200/s`, `6000/m`, `10/h`.
package struct Rate: Hashable, Sendable, CustomStringConvertible {
    package let count: Int
    package let period: Duration

    package init(count: Int, per period: Duration) {
        self.count = count
        self.period = period
    }

    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = PlainNumber.read(parts[0]), count > 0 else { return nil }
        switch parts[1] {
        case "s": self.init(count: count, per: .seconds(1))
        case "m", "min": self.init(count: count, per: .seconds(60))
        case "h": self.init(count: count, per: .seconds(3600))
        default: return nil
        }
    }

    /// As a number a second, for a token bucket.
    package var perSecond: Double { Double(count) / (period / .seconds(1)) }

    package var description: String {
        switch period {
        case .seconds(60): "\(count)/m"
        case .seconds(3600): "\(count)/h"
        default: "\(count)/s"
        }
    }
}
