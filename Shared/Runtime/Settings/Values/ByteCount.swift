/// Sizes in octets as configuration writes them: `65536`, `64KiB`, `2GiB`, `10MB`.
package enum ByteCount {
    private static let units: [(suffix: String, octets: Int)] = [
        ("", 1), ("B", 1), ("kB", 1000), ("KB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000),
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30),
    ]

    package static func read(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == "_") }
        let suffix = text[digits.endIndex...].drop { $0 == " " }
        guard let number = PlainNumber.read(digits), let unit = units.first(where: { $0.suffix == suffix })
        else {
            return nil
        }
        let (octets, overflow) = number.multipliedReportingOverflow(by: unit.octets)
        return overflow ? nil : octets
    }
}
