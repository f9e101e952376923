// `_nfc` is the standard library's own normalization, which String comparison runs on. It is not public API; without it
// Normalization Form C would need Foundation, or a copy of the Unicode tables that the library already has.
@_spi(_Unicode) import Swift

/// The mappings that PRECIS profiles name (RFC 8264 section 5.2).
enum Mapping {
    /// Fullwidth and halfwidth code points to their decomposition mappings (RFC 8265 section 3.3.1).
    static func width(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        let mapped: UInt32? =
            switch scalar.value {
            case 0x3000: 0x20
            case 0xFF01...0xFF5E: scalar.value - 0xFEE0
            case 0xFF5F...0xFF60: scalar.value - 0xFF5F + 0x2985
            case 0xFF61...0xFF9F: halfwidthKatakana[Int(scalar.value - 0xFF61)]
            case 0xFFA0: 0x3164
            case 0xFFA1...0xFFBE: scalar.value - 0xFFA1 + 0x3131
            case 0xFFC2...0xFFC7: scalar.value - 0xFFC2 + 0x314F
            case 0xFFCA...0xFFCF: scalar.value - 0xFFCA + 0x3155
            case 0xFFD2...0xFFD7: scalar.value - 0xFFD2 + 0x315B
            case 0xFFDA...0xFFDC: scalar.value - 0xFFDA + 0x3161
            case 0xFFE0...0xFFE6: signs[Int(scalar.value - 0xFFE0)]
            case 0xFFE8...0xFFEE: shapes[Int(scalar.value - 0xFFE8)]
            default: nil
            }
        return mapped.flatMap(Unicode.Scalar.init) ?? scalar
    }

    /// The toLowerCase() of one code point, which knows no final sigma (RFC 7622 section 3.5, examples 9 to 11).
    static func lowercase(_ scalar: Unicode.Scalar) -> String.UnicodeScalarView {
        scalar.properties.lowercaseMapping.unicodeScalars
    }

    /// Normalization Form C.
    static func normalize(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        // Nothing below U+0300 composes, decomposes or changes places.
        guard scalars.contains(where: { $0.value >= 0x300 }) else { return scalars }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return Array(String(text)._nfc)
    }

    /// U+FF61 to U+FF9F.
    private static let halfwidthKatakana: [UInt32] = [
        0x3002, 0x300C, 0x300D, 0x3001, 0x30FB, 0x30F2, 0x30A1, 0x30A3, 0x30A5, 0x30A7, 0x30A9, 0x30E3,
        0x30E5,
        0x30E7, 0x30C3, 0x30FC, 0x30A2, 0x30A4, 0x30A6, 0x30A8, 0x30AA, 0x30AB, 0x30AD, 0x30AF, 0x30B1,
        0x30B3,
        0x30B5, 0x30B7, 0x30B9, 0x30BB, 0x30BD, 0x30BF, 0x30C1, 0x30C4, 0x30C6, 0x30C8, 0x30CA, 0x30CB,
        0x30CC,
        0x30CD, 0x30CE, 0x30CF, 0x30D2, 0x30D5, 0x30D8, 0x30DB, 0x30DE, 0x30DF, 0x30E0, 0x30E1, 0x30E2,
        0x30E4,
        0x30E6, 0x30E8, 0x30E9, 0x30EA, 0x30EB, 0x30EC, 0x30ED, 0x30EF, 0x30F3, 0x3099, 0x309A,
    ]

    /// U+FFE0 to U+FFE6.
    private static let signs: [UInt32] = [0xA2, 0xA3, 0xAC, 0xAF, 0xA6, 0xA5, 0x20A9]

    /// U+FFE8 to U+FFEE.
    private static let shapes: [UInt32] = [0x2502, 0x2190, 0x2191, 0x2192, 0x2193, 0x25A0, 0x25CB]
}
