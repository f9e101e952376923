/// A change of the clocks between repetitions: one pair of `z=3730928400 -1h 3749680800 0` (RFC 8866 section 5.11).
public struct SDPZoneAdjustment: Hashable, Sendable, CustomStringConvertible {
    /// When, in seconds since 1900.
    public var time: UInt64
    /// By how many seconds repetitions from then on are moved.
    public var offset: Int64

    public init(time: UInt64, offset: Int64) {
        self.time = time
        self.offset = offset
    }

    public var description: String { "\(time) \(offset)" }

    /// All pairs of a line; nil if it is none.
    static func list(_ octets: Span<UInt8>, _ range: Range<Int>) -> [SDPZoneAdjustment]? {
        var cursor = Cursor(range)
        var list: [SDPZoneAdjustment] = []
        while !cursor.isFinished(octets) {
            guard let time = cursor.number(0...UInt64.max, octets) else { return nil }
            cursor.skipBlanks(octets)
            let isBack = cursor.take(UInt8(ascii: "-"), octets)
            guard let offset = SDPTypedTime.seconds(octets, &cursor) else { return nil }
            list.append(SDPZoneAdjustment(time: time, offset: isBack ? -offset : offset))
        }
        return list.isEmpty ? nil : list
    }
}
