/// One `name=value` of a structured MIME header field (RFC 2045 section 5.1).
public struct MIMEParameter: Hashable, Sendable {
    /// In lower case: parameter names are case-insensitive.
    public let name: String
    /// Without quotes and escapes.
    public var value: String

    public init(_ name: String, _ value: String) {
        self.name = name.lowercased()
        self.value = value
    }

    /// `; name=value`, quoted where the value is not a token.
    var printed: String {
        let isToken = !value.isEmpty && value.utf8.allSatisfy(FieldScanner.isToken)
        if isToken { return "; \(name)=\(value)" }
        var quoted = ""
        // Line breaks would end the field: they become spaces.
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"", "\\":
                quoted.unicodeScalars.append("\\")
                quoted.unicodeScalars.append(scalar)
            case "\r", "\n": quoted.unicodeScalars.append(" ")
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return "; \(name)=\"\(quoted)\""
    }
}

extension [MIMEParameter] {
    /// The value of the first parameter of that name, which is given in lower case.
    func value(_ name: String) -> String? {
        first { $0.name == name }?.value
    }
}
