import Glibc

/// A moment as the log prints it, in UTC (RFC 3339).
package struct LogTime: Hashable, Sendable {
    /// Milliseconds since 1970.
    package var milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// The system's clock, now.
    package static func now() -> LogTime {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return LogTime(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    func write(into line: inout [UInt8]) {
        let (days, ofDay) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
        let (year, month, day) = Self.date(daysSince1970: ofDay < 0 ? days - 1 : days)
        let rest = ofDay < 0 ? ofDay + 86_400_000 : ofDay
        Self.write(year, digits: 4, into: &line)
        Self.write(month, digits: 2, after: "-", into: &line)
        Self.write(day, digits: 2, after: "-", into: &line)
        Self.write(rest / 3_600_000, digits: 2, after: "T", into: &line)
        Self.write(rest / 60_000 % 60, digits: 2, after: ":", into: &line)
        Self.write(rest / 1000 % 60, digits: 2, after: ":", into: &line)
        Self.write(rest % 1000, digits: 3, after: ".", into: &line)
        line.append(UInt8(ascii: "Z"))
    }

    /// The Gregorian date of a day, by counting years from March so that the leap day comes last.
    private static func date(daysSince1970: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = daysSince1970 + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let fromMarch = (5 * dayOfYear + 2) / 153
        let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * fromMarch + 2) / 5 + 1)
    }

    private static func write(
        _ number: Int64,
        digits: Int,
        after separator: Unicode.Scalar? = nil,
        into line: inout [UInt8]
    ) {
        if let separator { line.append(UInt8(ascii: separator)) }
        let text = String(number)
        for _ in 0..<max(0, digits - text.utf8.count) { line.append(UInt8(ascii: "0")) }
        line += text.utf8
    }
}
