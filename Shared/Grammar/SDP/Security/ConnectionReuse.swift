import Octets

/// Whether a new connection is meant or the one that there is: `a=connection:new` (RFC 4145 section 5).
public enum ConnectionReuse: String, SDPAttributeValue, CaseIterable {
    case new
    case existing

    public static let attribute = SDPAttributeName.connection

    public init?(parsing text: String) {
        let octets = text.utf8.span
        var cursor = Cursor(octets)
        guard let word = cursor.word(octets), cursor.isFinished(octets),
            let reuse = ConnectionReuse(rawValue: ASCII.lowercased(word))
        else { return nil }
        self = reuse
    }

    public var description: String { rawValue }
}
