/// The date and time of XMPP (XEP-0082), which is also CPIM's (RFC 3339): `2002-09-10T23:41:07.250Z`.
public enum XMPPDateTime {
    /// Milliseconds since 1970, or nil when the text is no such date; digits beyond the millisecond are passed over.
    public static func parse(_ text: String) -> Int64? {
        var scanner = DigitScanner(text)
        guard let year = scanner.number(4...4), scanner.take("-") != nil,
            let month = scanner.number(2...2), scanner.take("-") != nil,
            let day = scanner.number(2...2), scanner.take("Tt ") != nil,
            let hour = scanner.number(2...2), scanner.take(":") != nil,
            let minute = scanner.number(2...2), scanner.take(":") != nil,
            let second = scanner.number(2...2)
        else { return nil }
        var millisecond = 0
        if scanner.take(".") != nil {
            guard let fraction = scanner.milliseconds() else { return nil }
            millisecond = fraction
        }
        guard let offset = zone(&scanner), scanner.isAtEnd,
            let date = CivilDate(
                year: year,
                month: month,
                day: day,
                hour: hour,
                minute: minute,
                second: second,
                millisecond: millisecond
            )
        else { return nil }
        return date.milliseconds - offset
    }

    /// Prints milliseconds since 1970 in UTC, the fraction only where there is one.
    public static func print(_ milliseconds: Int64) -> String {
        let date = CivilDate(milliseconds: milliseconds)
        let day = "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
        let time = "\(padded(date.hour, 2)):\(padded(date.minute, 2)):\(padded(date.second, 2))"
        let fraction = date.millisecond == 0 ? "" : ".\(padded(date.millisecond, 3))"
        return "\(day)T\(time)\(fraction)Z"
    }

    /// What `Z` or `+hh:mm` is ahead of UTC, in milliseconds.
    private static func zone(_ scanner: inout DigitScanner) -> Int64? {
        if scanner.take("Zz") != nil { return 0 }
        guard let sign = scanner.take("+-"), let hours = scanner.number(2...2), scanner.take(":") != nil,
            let minutes = scanner.number(2...2), hours < 24, minutes < 60
        else { return nil }
        let offset = Int64(hours * 60 + minutes) * 60_000
        return sign == UInt8(ascii: "-") ? -offset : offset
    }
}
