// Conforms: RFC 8265 §4.2 (complete)

/// The profile OpaqueString of the FreeformClass (RFC 8265 section 4.2).
enum OpaqueString {
    /// The text after space mapping and normalization; nil when a code point is forbidden.
    ///
    /// Enforced twice a text is the same as enforced once (RFC 8264 section 7 asks for that).
    static func enforce(_ text: String) -> String? {
        var scalars = Array(text.unicodeScalars)
        guard isFreeform(scalars) else { return nil }
        for index in scalars.indices where scalars[index].properties.generalCategory == .spaceSeparator {
            scalars[index] = " "
        }
        let normal = Mapping.normalize(scalars)
        // U+0387 becomes U+00B7, which has a contextual rule.
        guard normal == scalars || isFreeform(normal) else { return nil }
        var result = String.UnicodeScalarView()
        result.append(contentsOf: normal)
        return String(result)
    }

    private static func isFreeform(_ scalars: [Unicode.Scalar]) -> Bool {
        for (index, scalar) in scalars.enumerated() {
            switch DerivedProperty(of: scalar) {
            case .protocolValid, .freeformValid: continue
            case .contextJ, .contextO:
                guard ContextRule.allows(scalars, at: index) else { return false }
            case .disallowed, .unassigned: return false
            }
        }
        return true
    }
}
