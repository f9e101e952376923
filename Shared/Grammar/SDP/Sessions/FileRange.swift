import Octets

/// Which part of a file is meant, counted from 1: `a=file-range:1-*` (RFC 5547 section 6).
public struct FileRange: SDPAttributeValue {
    public var start: UInt64
    /// The last octet; nil is the file's.
    public var stop: UInt64?

    public init(start: UInt64, stop: UInt64? = nil) {
        self.start = start
        self.stop = stop
    }

    public static let attribute = SDPAttributeName.fileRange

    public init?(parsing text: String) {
        let octets = text.utf8.span
        var cursor = Cursor(octets)
        cursor.skipBlanks(octets)
        guard let start = cursor.digits(1...UInt64.max, octets), cursor.take(UInt8(ascii: "-"), octets) else {
            return nil
        }
        self.init(start: start)
        if !cursor.take(UInt8(ascii: "*"), octets) {
            guard let stop = cursor.digits(start...UInt64.max, octets) else { return nil }
            self.stop = stop
        }
        guard cursor.isFinished(octets) else { return nil }
    }

    public var description: String { "\(start)-\(stop.map { String($0) } ?? "*")" }
}
