/// The value of a Content-Disposition field (RFC 2183; SIP's `handling` is RFC 3261 section 20.11).
public struct ContentDisposition: Hashable, Sendable {
    /// `render`, `session`, `inline`, `attachment`…, in lower case.
    public var type: String
    public var parameters: [MIMEParameter]

    public init(_ type: String, parameters: [MIMEParameter] = []) {
        self.type = type.lowercased()
        self.parameters = parameters
    }

    /// Reads a field's value; nil when it does not begin with a token.
    public init(parsing text: String) {
        var scanner = FieldScanner(text)
        scanner.skipBlanks()
        let type = scanner.token() ?? "attachment"
        self.init(type, parameters: scanner.parameters())
    }

    /// Whether one who cannot read the part may pass over it (RFC 5621 section 7).
    public var isOptional: Bool {
        parameters.value("handling")?.lowercased() == "optional"
    }

    public var filename: String? { parameters.value("filename") }
}
