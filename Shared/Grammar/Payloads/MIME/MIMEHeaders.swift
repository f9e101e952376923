import Octets

/// The header fields of a MIME entity in their order; names are case-insensitive (RFC 2045 section 3).
public struct MIMEHeaders: Hashable, Sendable {
    public struct Field: Hashable, Sendable {
        public var name: String
        /// Unfolded, without white space at either end.
        public var value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public var fields: [Field]

    public init(_ fields: [Field] = []) {
        self.fields = fields
    }

    /// The first value of that name; setting replaces all of them.
    public subscript(_ name: String) -> String? {
        get {
            let name = name.lowercased()
            return fields.first { $0.name.lowercased() == name }?.value
        }
        set {
            let folded = name.lowercased()
            let place = fields.firstIndex { $0.name.lowercased() == folded } ?? fields.endIndex
            fields.removeAll { $0.name.lowercased() == folded }
            guard let newValue else { return }
            fields.insert(Field(name, newValue), at: min(place, fields.endIndex))
        }
    }

    /// Reads fields up to the empty line and returns where the content begins.
    ///
    /// Lines end in CRLF or LF alone; a line that is no field is passed over.
    static func parse(_ octets: ArraySlice<UInt8>) -> (headers: MIMEHeaders, content: Int) {
        var headers = MIMEHeaders()
        var start = octets.startIndex
        while start < octets.endIndex {
            let line = Line(at: start, in: octets)
            start = line.next
            if line.range.isEmpty { break }
            headers.take(octets[line.range])
        }
        return (headers, start)
    }

    /// The most fields that are kept of one entity.
    private static let most = 64

    private mutating func take(_ line: ArraySlice<UInt8>) {
        guard let first = line.first else { return }
        if ASCII.isBlank(first) {
            // A fold belongs to the field before it (RFC 5322 section 2.2.3).
            guard !fields.isEmpty else { return }
            fields[fields.endIndex - 1].value += " " + Self.text(line)
            return
        }
        guard fields.count < Self.most, let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
        let name = Self.text(line[..<colon])
        guard !name.isEmpty, name.utf8.allSatisfy(FieldScanner.isToken) else { return }
        fields.append(Field(name, Self.text(line[(colon + 1)...])))
    }

    private static func text(_ octets: ArraySlice<UInt8>) -> String {
        String(decoding: octets.trimmed, as: UTF8.self)
    }
}
