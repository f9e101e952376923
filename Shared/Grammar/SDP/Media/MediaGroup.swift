import Octets

/// Media that belong together: `a=group:BUNDLE audio video` (RFC 5888, RFC 9143).
public struct MediaGroup: SDPAttributeValue {
    /// ``lipSync``, ``bundle`` or another.
    public var semantics: String
    /// The `mid` of each medium.
    public var mids: [String]

    public static let lipSync = "LS"
    public static let bundle = "BUNDLE"

    public init(_ semantics: String, _ mids: [String]) {
        self.semantics = semantics
        self.mids = mids
    }

    public static let attribute = SDPAttributeName.group

    public init?(parsing text: String) {
        let octets = text.utf8.span
        var cursor = Cursor(octets)
        guard let semantics = cursor.word(of: SDPGrammar.token, octets) else { return nil }
        self.init(semantics, cursor.words(octets))
    }

    public var description: String { ([semantics] + mids).joined(separator: " ") }
}
