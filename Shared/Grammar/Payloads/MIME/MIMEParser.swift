import Octets

/// Reads an entity and those within it, each octet once a level.
struct MIMEParser {
    private let limits: MIMELimits
    private var partCount = 0

    init(limits: MIMELimits) {
        self.limits = limits
    }

    /// Reads header fields, an empty line and a body.
    mutating func entity(_ octets: ArraySlice<UInt8>, depth: Int) throws(MIMEError) -> MIMEEntity {
        let (headers, start) = MIMEHeaders.parse(octets)
        let mediaType = headers["Content-Type"].flatMap { MediaType($0) } ?? .plainText
        return try entity(octets[start...], as: mediaType, headers: headers, depth: depth)
    }

    /// Reads a body whose header fields are known.
    mutating func entity(
        _ body: ArraySlice<UInt8>,
        as mediaType: MediaType,
        headers: MIMEHeaders,
        depth: Int
    ) throws(MIMEError) -> MIMEEntity {
        guard let encoding = TransferEncoding(headers["Content-Transfer-Encoding"] ?? "") else {
            throw .unknownTransferEncoding
        }
        var entity = MIMEEntity(mediaType, headers: headers, octets: [])
        if mediaType.isMultipart {
            // A multipart itself is never encoded (RFC 2045 section 6.4).
            entity.content = .parts(try parts(body, of: mediaType, depth: depth))
        } else {
            entity.content = .octets(encoding.decode(body))
        }
        return entity
    }

    private mutating func parts(
        _ body: ArraySlice<UInt8>,
        of mediaType: MediaType,
        depth: Int
    ) throws(MIMEError) -> [MIMEEntity] {
        guard depth < limits.depth else { throw .tooDeep }
        guard let boundary = mediaType.parameter("boundary"), !boundary.isEmpty, boundary.utf8.count <= 70
        else {
            throw .noBoundary
        }
        var parts: [MIMEEntity] = []
        for range in try ranges(in: body, delimiter: Array("--\(boundary)".utf8)) {
            parts.append(try entity(body[range], depth: depth + 1))
        }
        return parts
    }

    /// Where the parts lie between the delimiter lines (RFC 2046 section 5.1.1).
    ///
    /// A last part that no delimiter closes runs to the end of the body.
    private mutating func ranges(
        in body: ArraySlice<UInt8>,
        delimiter: [UInt8]
    ) throws(MIMEError) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var partStart: Int?
        // The break before a delimiter belongs to the delimiter: the part ends where the line before ended.
        var previousEnd = body.startIndex
        var start = body.startIndex
        while start < body.endIndex {
            let line = Line(at: start, in: body)
            if let kind = Delimiter(body[line.range], delimiter) {
                if let partStart { ranges.append(partStart..<max(partStart, previousEnd)) }
                if kind == .close { return ranges }
                partCount += 1
                guard partCount <= limits.parts else { throw .tooManyParts }
                partStart = line.next
            }
            previousEnd = line.range.upperBound
            start = line.next
        }
        guard let partStart else { throw .noParts }
        ranges.append(partStart..<body.endIndex)
        return ranges
    }
}

/// What a delimiter line says: another part follows, or no more.
private enum Delimiter {
    case open
    case close

    init?(_ line: ArraySlice<UInt8>, _ delimiter: [UInt8]) {
        guard line.starts(with: delimiter) else { return nil }
        var rest = line.dropFirst(delimiter.count)
        let isClosed = rest.starts(with: [UInt8(ascii: "-"), UInt8(ascii: "-")])
        if isClosed { rest = rest.dropFirst(2) }
        guard rest.allSatisfy(ASCII.isBlank) else { return nil }
        self = isClosed ? .close : .open
    }
}
