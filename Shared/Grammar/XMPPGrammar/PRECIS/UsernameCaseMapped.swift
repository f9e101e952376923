// Conforms: RFC 8265 §3.3 (complete)

/// The profile UsernameCaseMapped of the IdentifierClass (RFC 8265 section 3.3).
enum UsernameCaseMapped {
    enum Fault: Error {
        case forbiddenCodePoint
        case bidirectional
    }

    /// The text after width mapping, case mapping and normalization.
    ///
    /// Enforced twice a text is the same as enforced once (RFC 8264 section 7 asks for that).
    static func enforce(_ text: String) throws(Fault) -> String {
        let wide = text.unicodeScalars.map(Mapping.width)
        try check(wide)
        var lower: [Unicode.Scalar] = []
        lower.reserveCapacity(wide.count)
        for scalar in wide { lower.append(contentsOf: Mapping.lowercase(scalar)) }
        let normal = Mapping.normalize(lower)
        // Composition can make a neighbour that a contextual rule asked for into another letter.
        if normal != wide { try check(normal) }
        guard BidiRule.allows(normal) else { throw .bidirectional }
        var result = String.UnicodeScalarView()
        result.append(contentsOf: normal)
        return String(result)
    }

    private static func check(_ scalars: [Unicode.Scalar]) throws(Fault) {
        for (index, scalar) in scalars.enumerated() {
            switch DerivedProperty(of: scalar) {
            case .protocolValid: continue
            case .contextJ, .contextO:
                guard ContextRule.allows(scalars, at: index) else { throw .forbiddenCodePoint }
            case .freeformValid, .disallowed, .unassigned: throw .forbiddenCodePoint
            }
        }
    }
}
