import Octets

/// Which file is meant:
/// `a=file-selector:name:"My cool picture.jpg" type:image/jpeg size:4092 hash:sha-1:72:24:5F:…` (RFC 5547 section 6).
///
/// One without selectors asks whether the peer can transfer files (section 8.5).
public struct FileSelector: SDPAttributeValue {
    public var name: String?
    /// A media type, perhaps with parameters: `text/plain;charset="utf-8"`.
    public var type: String?
    /// Octets.
    public var size: UInt64?
    public var hashes: [FileHash]

    public init(name: String? = nil, type: String? = nil, size: UInt64? = nil, hashes: [FileHash] = []) {
        self.name = name
        self.type = type
        self.size = size
        self.hashes = hashes
    }

    public var isEmpty: Bool { name == nil && type == nil && size == nil && hashes.isEmpty }

    public static let attribute = SDPAttributeName.fileSelector

    public init?(parsing text: String) {
        let octets = text.utf8.span
        var cursor = Cursor(octets)
        self.init()
        while !cursor.isFinished(octets) {
            guard readSelector(octets, &cursor), cursor.isAtBreak(octets) else { return nil }
        }
    }

    private mutating func readSelector(_ octets: Span<UInt8>, _ cursor: inout Cursor) -> Bool {
        if name == nil, cursor.take(keyword: "name:", octets) {
            guard let spelt = cursor.quoted(octets), let plain = PercentCoding.decode(spelt) else {
                return false
            }
            name = String(repairing: plain.span)
            return true
        }
        if type == nil, cursor.take(keyword: "type:", octets) {
            type = FileSelector.mediaType(octets, &cursor)
            return type != nil
        }
        if size == nil, cursor.take(keyword: "size:", octets) {
            size = cursor.digits(0...UInt64.max, octets)
            return size != nil
        }
        guard cursor.take(keyword: "hash:", octets), let hash = FileHash(octets, &cursor) else {
            return false
        }
        hashes.append(hash)
        return true
    }

    /// A media type, whose parameters may have blanks in quotes.
    private static func mediaType(_ octets: Span<UInt8>, _ cursor: inout Cursor) -> String? {
        let start = cursor.at
        while let octet = cursor.peek(octets), !ASCII.isBlank(octet) {
            if octet == ASCII.quote {
                guard cursor.quoted(octets) != nil else { return nil }
            } else {
                cursor.at += 1
            }
        }
        guard cursor.at > start else { return nil }
        return String(repairing: octets.extracting(start..<cursor.at))
    }

    public var description: String {
        var selectors: [String] = []
        if let name {
            selectors.append(
                "name:\"\(PercentCoding.encode(Array(name.utf8), keeping: FileSelector.plain))\""
            )
        }
        if let type { selectors.append("type:\(type)") }
        if let size { selectors.append("size:\(size)") }
        for hash in hashes { selectors.append("hash:\(hash)") }
        return selectors.joined(separator: " ")
    }

    /// `filename-char`, without other controls, which only ask for trouble.
    private static let plain = OctetSet(0x20...0x7E).union(OctetSet(0x80...0xFF)).subtracting(OctetSet("\"%"))
}
