/// One label of a domain name (RFC 5890 section 2.3).
enum Label {
    /// In octets, as DNS carries it.
    static let maximum = 63

    /// A label as a person reads it: an A-label becomes its U-label, a U-label is checked, others are as they are.
    static func unicode(_ label: String) throws(JIDError) -> String {
        if label.utf8.starts(with: "xn--".utf8) {
            let spelt = String(label.unicodeScalars.dropFirst(4))
            guard label.utf8.count <= maximum, let decoded = Punycode.decode(spelt), isUnicode(decoded),
                !decoded.utf8.allSatisfy({ $0 < 0x80 }), Punycode.encode(decoded) == spelt
            else { throw JIDError(.domain, .badLabel) }
            return decoded
        }
        guard !label.utf8.allSatisfy({ $0 < 0x80 }) else {
            guard label.utf8.count <= maximum else { throw JIDError(.domain, .badLabel) }
            return label
        }
        guard isUnicode(label), let ascii = Punycode.encode(label), ascii.utf8.count + 4 <= maximum else {
            throw JIDError(.domain, .badLabel)
        }
        return label
    }

    /// A label as DNS carries it: a U-label becomes its A-label.
    static func ascii(_ label: String) -> String {
        guard !label.utf8.allSatisfy({ $0 < 0x80 }), let ascii = Punycode.encode(label) else { return label }
        return "xn--" + ascii
    }

    /// Whether a label is a U-label (RFC 5891 section 4.2): in lower case and normalized, of letters, digits and
    /// marks, none of them a mark at the start, with no `--` where a prefix would have it, directions in order.
    private static func isUnicode(_ label: String) -> Bool {
        let scalars = Array(label.unicodeScalars)
        guard let first = scalars.first, first != "-", scalars.last != "-", !isMark(first) else {
            return false
        }
        if scalars.count >= 4, scalars[2] == "-", scalars[3] == "-" { return false }
        for (index, scalar) in scalars.enumerated() {
            switch DerivedProperty(of: scalar) {
            case .protocolValid:
                guard scalar.value >= 0x80 || isLetterDigitHyphen(scalar) else { return false }
            case .contextJ, .contextO:
                guard ContextRule.allows(scalars, at: index) else { return false }
            case .freeformValid, .disallowed, .unassigned:
                return false
            }
        }
        let lower = scalars.flatMap { Array(Mapping.lowercase($0)) }
        return lower == scalars && Mapping.normalize(scalars) == scalars && BidiRule.allows(scalars)
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }

    private static func isLetterDigitHyphen(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "0"..."9", "-": true
        default: false
        }
    }
}
