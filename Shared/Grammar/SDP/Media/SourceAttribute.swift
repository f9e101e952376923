import Octets

/// An attribute of one source of RTP: `a=ssrc:314159 cname:user@example.com` (RFC 5576 section 4.1).
public struct SourceAttribute: SDPAttributeValue {
    public var source: UInt32
    public var name: String
    public var value: String?

    public init(_ source: UInt32, _ name: String, _ value: String? = nil) {
        self.source = source
        self.name = name
        self.value = value
    }

    public static let attribute = SDPAttributeName.source

    public init?(parsing text: String) {
        let octets = text.utf8.span
        var cursor = Cursor(octets)
        guard let source = cursor.number(0...UInt32.max, octets) else { return nil }
        cursor.skipBlanks(octets)
        guard let name = cursor.text(SDPGrammar.token, octets) else { return nil }
        self.init(source, name)
        if cursor.take(UInt8(ascii: ":"), octets) { value = cursor.rest(octets) ?? "" }
        guard cursor.isFinished(octets) else { return nil }
    }

    public var description: String {
        guard let value else { return "\(source) \(name)" }
        return "\(source) \(name):\(value)"
    }
}
