/// `typed-time`: a number of seconds, or of the days, hours or minutes that a letter names (RFC 8866 section 5.10).
enum SDPTypedTime {
    static func seconds(_ octets: Span<UInt8>, _ cursor: inout Cursor) -> Int64? {
        cursor.skipBlanks(octets)
        guard let number = cursor.digits(0...Int64.max, octets) else { return nil }
        var unit: Int64 = 1
        if !cursor.isAtBreak(octets), let letter = cursor.peek(octets) {
            switch letter {
            case UInt8(ascii: "d"): unit = 86_400
            case UInt8(ascii: "h"): unit = 3600
            case UInt8(ascii: "m"): unit = 60
            case UInt8(ascii: "s"): unit = 1
            default: return nil
            }
            cursor.at += 1
        }
        let (seconds, overflow) = number.multipliedReportingOverflow(by: unit)
        return overflow || !cursor.isAtBreak(octets) ? nil : seconds
    }
}
