/// The value of a Content-Type field (RFC 2045 section 5).
///
/// `Text/HTML; charset="utf-8"` has the type `text`, the subtype `html` and one parameter.
public struct MediaType: Hashable, Sendable, CustomStringConvertible {
    /// In lower case.
    public var type: String
    /// In lower case.
    public var subtype: String
    public var parameters: [MIMEParameter]

    public init(_ type: String, _ subtype: String, parameters: [MIMEParameter] = []) {
        self.type = type.lowercased()
        self.subtype = subtype.lowercased()
        self.parameters = parameters
    }

    /// Reads a field's value; nil when it does not begin with `type/subtype`.
    public init?(_ text: String) {
        var scanner = FieldScanner(text)
        scanner.skipBlanks()
        guard let type = scanner.token() else { return nil }
        scanner.skipBlanks()
        guard scanner.take(UInt8(ascii: "/")) else { return nil }
        scanner.skipBlanks()
        guard let subtype = scanner.token() else { return nil }
        self.init(type, subtype, parameters: scanner.parameters())
    }

    /// `type/subtype` without parameters.
    public var essence: String { "\(type)/\(subtype)" }

    /// The value of a parameter, whose name is given in lower case.
    public func parameter(_ name: String) -> String? {
        parameters.value(name)
    }

    public var charset: String? { parameter("charset") }

    public var isMultipart: Bool { type == "multipart" }

    public var description: String {
        parameters.reduce(into: essence) { text, parameter in text += parameter.printed }
    }

    public static let plainText = MediaType("text", "plain")
    public static let html = MediaType("text", "html")
    public static let cpim = MediaType("message", "cpim")
    public static let externalBody = MediaType("message", "external-body")
}
