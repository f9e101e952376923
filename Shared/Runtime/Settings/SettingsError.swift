/// What is wrong with the configuration, in one line: which key, which value, what was expected.
package struct SettingsError: Error, Hashable, CustomStringConvertible {
    package enum Code: Hashable, Sendable {
        /// The file cannot be read.
        case unreadable
        /// The file is not YAML.
        case syntax
        /// No such key, variable or flag.
        case unknownKey
        /// The same key twice in one place.
        case duplicateKey
        /// A value that its key cannot have.
        case badValue
        /// Something that has to be there is not.
        case missing
        /// An address that the system does not let us have.
        case unavailable
        /// Values that are each right and do not go together.
        case conflict
    }

    package let code: Code
    /// The key, in full: `sip.listen`, `xmpp.components[1].port`; empty when the fault is not in one key.
    package let key: String
    /// The value as it may be shown; `nil` for secrets and where there is none.
    package let value: String?
    package let expected: String
    /// Where the value stands: `causeway.yaml line 3`, `CAUSEWAY_SIP_LISTEN`, `--sip-listen`.
    package let origin: String?

    package init(
        _ code: Code,
        key: String = "",
        value: String? = nil,
        expected: String,
        origin: String? = nil
    ) {
        self.code = code
        self.key = key
        self.value = value
        self.expected = expected
        self.origin = origin
    }

    package var description: String {
        var parts: [String] = []
        if let origin { parts.append(Self.visible(origin)) }
        if !key.isEmpty { parts.append(Self.visible(key)) }
        if let value { parts.append("'\(Self.visible(value))'") }
        switch code {
        case .unreadable: parts.append("cannot be read")
        case .syntax: parts.append("not YAML")
        case .unknownKey: parts.append("unknown key")
        case .duplicateKey: parts.append("given twice")
        case .badValue: parts.append("bad value")
        case .missing: parts.append("missing")
        case .unavailable: parts.append("cannot be used")
        case .conflict: parts.append("conflict")
        }
        return parts.joined(separator: ": ") + "; expected " + Self.visible(expected, most: 1000)
    }

    /// The text on one line, cut to a length that leaves the rest readable.
    private static func visible(_ text: String, most: Int = 120) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if result.unicodeScalars.count >= most { return result + "…" }
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
