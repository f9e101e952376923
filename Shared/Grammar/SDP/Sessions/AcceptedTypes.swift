import Octets

/// The media types that an MSRP endpoint takes: `message/cpim text/* text/html;level=1` (RFC 4975 section 8.6).
public struct AcceptedTypes: Hashable, Sendable, CustomStringConvertible, ExpressibleByArrayLiteral {
    /// Each as it came: `*`, `text/*` or a type, perhaps with parameters.
    public var types: [String]

    public init(_ types: [String]) {
        self.types = types
    }

    public init(arrayLiteral types: String...) {
        self.types = types
    }

    /// Whether a type is among those taken, parameters aside: by itself or by a `*`.
    public func accepts(_ type: String) -> Bool {
        let asked = AcceptedTypes.bare(type)
        return types.contains { entry in
            let taken = AcceptedTypes.bare(entry)
            if taken == "*" || taken == "*/*" || taken == asked { return true }
            return taken.utf8.suffix(2).elementsEqual("/*".utf8)
                && asked.utf8.starts(with: taken.utf8.dropLast())
        }
    }

    public var description: String { types.joined(separator: " ") }

    /// Reads a list; nil if it is empty.
    public init?(parsing text: String) {
        let octets = text.utf8.span
        var cursor = Cursor(octets)
        types = []
        while !cursor.isFinished(octets) {
            guard let range = AcceptedTypes.entry(octets, &cursor) else { return nil }
            types.append(String(repairing: octets.extracting(range)))
        }
        guard !types.isEmpty else { return nil }
    }

    /// Up to the next blank that stands in no quoted string.
    private static func entry(_ octets: Span<UInt8>, _ cursor: inout Cursor) -> Range<Int>? {
        let start = cursor.at
        var isQuoted = false
        while let octet = cursor.peek(octets), isQuoted || !ASCII.isBlank(octet) {
            if octet == ASCII.quote { isQuoted.toggle() }
            cursor.at += 1
        }
        return isQuoted ? nil : start..<cursor.at
    }

    private static func bare(_ type: String) -> String {
        ASCII.lowercased(String(decoding: type.utf8.prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self))
    }
}
