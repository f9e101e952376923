/// The date of SIP's Date field (RFC 3261 section 20.17): `Sat, 13 Nov 2010 23:29:00 GMT`.
public enum RFC1123Date {
    /// Milliseconds since 1970, or nil when the text is no such date.
    ///
    /// The weekday is not checked and may be missing, a month may be written out, and a numeric zone is understood.
    public static func parse(_ text: String) -> Int64? {
        var scanner = DigitScanner(text)
        scanner.skip(" \t")
        _ = scanner.letters()
        scanner.skip(", \t")
        guard let day = scanner.number(1...2) else { return nil }
        scanner.skip(" -\t")
        let name = scanner.letters()
        guard name.utf8.count >= 3, let month = months.firstIndex(where: { name.hasPrefix($0.lowercased()) })
        else {
            return nil
        }
        scanner.skip(" -\t")
        guard let year = scanner.number(4...4) else { return nil }
        scanner.skip(" \t")
        guard let hour = scanner.number(1...2), scanner.take(":") != nil,
            let minute = scanner.number(2...2), scanner.take(":") != nil,
            let second = scanner.number(2...2)
        else { return nil }
        scanner.skip(" \t")
        guard let offset = zone(&scanner) else { return nil }
        scanner.skip(" \t")
        let date = CivilDate(
            year: year,
            month: month + 1,
            day: day,
            hour: hour,
            minute: minute,
            second: second
        )
        guard scanner.isAtEnd, let date else { return nil }
        return date.milliseconds - offset
    }

    /// Prints milliseconds since 1970, cut to the second.
    public static func print(_ milliseconds: Int64) -> String {
        let date = CivilDate(milliseconds: milliseconds)
        let day =
            "\(weekdays[date.weekday]), \(padded(date.day, 2)) \(months[date.month - 1]) \(padded(date.year, 4))"
        return "\(day) \(padded(date.hour, 2)):\(padded(date.minute, 2)):\(padded(date.second, 2)) GMT"
    }

    private static func zone(_ scanner: inout DigitScanner) -> Int64? {
        guard let sign = scanner.take("+-") else {
            let name = scanner.letters()
            return ["gmt", "utc", "ut", "z", ""].contains(name) ? 0 : nil
        }
        guard let hours = scanner.number(2...2), let minutes = scanner.number(2...2), hours < 24, minutes < 60
        else {
            return nil
        }
        let offset = Int64(hours * 60 + minutes) * 60_000
        return sign == UInt8(ascii: "-") ? -offset : offset
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
