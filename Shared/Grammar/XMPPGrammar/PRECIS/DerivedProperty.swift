// Conforms: RFC 8264 §8 (complete)

/// What PRECIS says of a code point (RFC 8264 section 8).
enum DerivedProperty: Hashable, Sendable {
    case protocolValid
    /// Allowed in the FreeformClass, not in the IdentifierClass (`ID_DIS or FREE_PVAL`).
    case freeformValid
    /// A join control (`CONTEXTJ`).
    case contextJ
    /// Another code point whose validity depends on its neighbours (`CONTEXTO`).
    case contextO
    case disallowed
    case unassigned

    /// The algorithm of RFC 8264 section 8, in its order.
    init(of scalar: Unicode.Scalar) {
        if let exception = Self.exception(scalar) {
            self = exception
            return
        }
        let properties = scalar.properties
        let category = properties.generalCategory
        self =
            if category == .unassigned, !properties.isNoncharacterCodePoint {
                .unassigned
            } else if (0x21...0x7E).contains(scalar.value) {
                .protocolValid
            } else if properties.isJoinControl {
                .contextJ
            } else if Self.isOldHangulJamo(scalar) || properties.isDefaultIgnorableCodePoint
                || properties.isNoncharacterCodePoint || category == .control
            {
                .disallowed
            } else if CodePointRanges.hasCompatibilityMapping.contains(scalar) {
                .freeformValid
            } else {
                Self.property(of: category)
            }
    }

    /// The categories from LetterDigits on (RFC 8264 sections 9.1 and 9.14 to 9.18).
    private static func property(of category: Unicode.GeneralCategory) -> DerivedProperty {
        switch category {
        case .lowercaseLetter, .uppercaseLetter, .otherLetter, .decimalNumber, .modifierLetter,
            .nonspacingMark,
            .spacingMark:
            .protocolValid
        case .titlecaseLetter, .letterNumber, .otherNumber, .enclosingMark, .spaceSeparator:
            .freeformValid
        case .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol:
            .freeformValid
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
            .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            .freeformValid
        case .lineSeparator, .paragraphSeparator, .control, .format, .surrogate, .privateUse, .unassigned:
            .disallowed
        @unknown default:
            .disallowed
        }
    }

    /// Exceptions (RFC 5892 section 2.6).
    private static func exception(_ scalar: Unicode.Scalar) -> DerivedProperty? {
        switch scalar.value {
        case 0xDF, 0x3C2, 0x6FD, 0x6FE, 0xF0B, 0x3007: .protocolValid
        case 0xB7, 0x375, 0x5F3, 0x5F4, 0x30FB, 0x660...0x669, 0x6F0...0x6F9: .contextO
        case 0x640, 0x7FA, 0x302E, 0x302F, 0x3031...0x3035, 0x303B: .disallowed
        default: nil
        }
    }

    /// OldHangulJamo (RFC 5892 section 2.9): Hangul_Syllable_Type L, V or T.
    private static func isOldHangulJamo(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x11FF, 0xA960...0xA97C, 0xD7B0...0xD7C6, 0xD7CB...0xD7FB: true
        default: false
        }
    }
}
