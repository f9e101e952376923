/// The way to an MSRP endpoint, relays first (RFC 4975 section 8.2).
///
/// `a=path:msrp://atlanta.example.com:7654/jshA7weztas;tcp`. The URIs are text here; what they mean is MSRP's to say.
public struct MSRPPath: SDPAttributeValue {
    public var uris: [String]

    public init(_ uris: [String]) {
        self.uris = uris
    }

    public static let attribute = SDPAttributeName.path

    public init?(parsing text: String) {
        let octets = text.utf8.span
        var cursor = Cursor(octets)
        uris = cursor.words(octets)
        guard !uris.isEmpty else { return nil }
    }

    public var description: String { uris.joined(separator: " ") }
}
