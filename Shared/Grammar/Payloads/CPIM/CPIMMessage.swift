/// A message with its own sender, recipients and date around any content: `message/cpim` (RFC 3862).
///
/// ```
/// From: "Juliet" <sip:juliet@example.com>
/// To: <sip:romeo@example.net>
/// DateTime: 2008-11-14T10:15:00Z
///
/// Content-Type: text/plain; charset=utf-8
///
/// Art thou not Romeo, and a Montague?
/// ```
public struct CPIMMessage: Hashable, Sendable {
    /// Nil only in what others wrote.
    public var from: CPIMAddress?
    public var to: [CPIMAddress]
    public var cc: [CPIMAddress] = []
    /// Milliseconds since 1970; nil only in what others wrote.
    public var dateTime: Int64?
    /// What `Require` names: a reader that does not know one of them must refuse (RFC 3862 section 4.7).
    public var required: [CPIMName] = []
    /// All other headers in their order, Subject among them; NS declarations are made from their names.
    public var headers: [CPIMHeader]
    public var content: MIMEEntity

    public init(
        from: CPIMAddress,
        to: [CPIMAddress],
        dateTime: Int64,
        headers: [CPIMHeader] = [],
        content: MIMEEntity
    ) {
        self.from = from
        self.to = to
        self.dateTime = dateTime
        self.headers = headers
        self.content = content
    }

    /// Reads what others wrote, LF for CRLF and missing or superfluous blanks included.
    ///
    /// A `Content-` header among the CPIM headers ends them, as in the examples of RFC 7701 and RFC 7702 (MAPPING
    /// ERR-9). A line that is no header is passed over.
    public init(parsing octets: [UInt8], limits: MIMELimits = MIMELimits()) throws(MIMEError) {
        var reader = CPIMReader()
        var start = octets.startIndex
        while start < octets.endIndex {
            let line = Line(at: start, in: octets[...])
            if CPIMReader.isContentHeader(octets[line.range]) { break }
            start = line.next
            if line.range.isEmpty { break }
            reader.take(octets[line.range])
        }
        from = reader.from
        to = reader.to
        cc = reader.cc
        dateTime = reader.dateTime
        required = reader.required
        headers = reader.headers
        content = try MIMEEntity(parsing: Array(octets[start...]), limits: limits)
    }

    /// The first value of a header.
    public subscript(_ name: CPIMName) -> String? {
        headers.first { $0.name == name }?.value
    }

    /// What the sender requires and the reader does not know, besides the headers of RFC 3862 itself.
    public func unmetRequirements(knowing known: Set<CPIMName> = []) -> [CPIMName] {
        required.filter { !Self.coreNames.contains($0) && !known.contains($0) }
    }

    private static let coreNames = Set(
        ["From", "To", "cc", "DateTime", "Subject", "NS", "Require"].map { CPIMName($0) }
    )
}
