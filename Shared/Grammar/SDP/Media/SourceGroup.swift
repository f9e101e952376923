import Octets

/// Sources of RTP that belong together: `a=ssrc-group:FID 2231627014 632943048` (RFC 5576 section 4.2).
public struct SourceGroup: SDPAttributeValue {
    /// `FID`, `FEC-FR` or another.
    public var semantics: String
    public var sources: [UInt32]

    public init(_ semantics: String, _ sources: [UInt32]) {
        self.semantics = semantics
        self.sources = sources
    }

    public static let attribute = SDPAttributeName.sourceGroup

    public init?(parsing text: String) {
        let octets = text.utf8.span
        var cursor = Cursor(octets)
        guard let semantics = cursor.word(of: SDPGrammar.token, octets) else { return nil }
        self.init(semantics, [])
        while !cursor.isFinished(octets) {
            guard let source = cursor.number(0...UInt32.max, octets) else { return nil }
            sources.append(source)
        }
    }

    public var description: String { ([semantics] + sources.map { String($0) }).joined(separator: " ") }
}
