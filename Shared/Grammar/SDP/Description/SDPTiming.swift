import Octets

/// When a session is: `t=3034423619 3042462419` (RFC 8866 section 5.9), with its repetitions.
public struct SDPTiming: Hashable, Sendable, CustomStringConvertible {
    /// Seconds since 1900, or 0 for since ever.
    public var start: UInt64
    /// Seconds since 1900, or 0 for no end.
    public var stop: UInt64
    public var repeats: [SDPRepeat]
    public var zones: [SDPZoneAdjustment]

    public init(
        start: UInt64 = 0,
        stop: UInt64 = 0,
        repeats: [SDPRepeat] = [],
        zones: [SDPZoneAdjustment] = []
    ) {
        self.start = start
        self.stop = stop
        self.repeats = repeats
        self.zones = zones
    }

    /// What the `t=` line says.
    public var description: String { "\(start) \(stop)" }

    init?(_ octets: Span<UInt8>, _ range: Range<Int>) {
        var cursor = Cursor(range)
        guard let start = cursor.number(0...UInt64.max, octets),
            let stop = cursor.number(0...UInt64.max, octets), cursor.isFinished(octets)
        else { return nil }
        self.init(start: start, stop: stop)
    }

    func write(into octets: inout [UInt8]) {
        octets.append(line: UInt8(ascii: "t"), description)
        for element in repeats { octets.append(line: UInt8(ascii: "r"), element.description) }
        guard !zones.isEmpty else { return }
        octets.append(line: UInt8(ascii: "z"), zones.map(\.description).joined(separator: " "))
    }
}
