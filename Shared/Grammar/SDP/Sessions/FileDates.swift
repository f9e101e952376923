import Octets

/// When a file was made, changed and read: `a=file-date:creation:"Mon, 15 May 2006 15:01:31 +0300"` (RFC 5547 section 6).
///
/// The dates are text of RFC 5322's form.
public struct FileDates: SDPAttributeValue {
    public var creation: String?
    public var modification: String?
    public var read: String?

    public init(creation: String? = nil, modification: String? = nil, read: String? = nil) {
        self.creation = creation
        self.modification = modification
        self.read = read
    }

    public static let attribute = SDPAttributeName.fileDate

    public init?(parsing text: String) {
        let octets = text.utf8.span
        var cursor = Cursor(octets)
        self.init()
        repeat {
            cursor.skipBlanks(octets)
            guard readDate(octets, &cursor), cursor.isAtBreak(octets) else { return nil }
        } while !cursor.isFinished(octets)
    }

    private mutating func readDate(_ octets: Span<UInt8>, _ cursor: inout Cursor) -> Bool {
        if creation == nil, cursor.take(keyword: "creation:", octets) {
            creation = cursor.quoted(octets)
            return creation != nil
        }
        if modification == nil, cursor.take(keyword: "modification:", octets) {
            modification = cursor.quoted(octets)
            return modification != nil
        }
        guard read == nil, cursor.take(keyword: "read:", octets) else { return false }
        read = cursor.quoted(octets)
        return read != nil
    }

    public var description: String {
        let dates = [("creation", creation), ("modification", modification), ("read", read)]
        return dates.compactMap { name, date in date.map { "\(name):\"\($0)\"" } }.joined(separator: " ")
    }
}
