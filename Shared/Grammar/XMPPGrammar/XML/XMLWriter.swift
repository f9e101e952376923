/// How elements are spelt in octets.
enum XMLWriter {
    /// Writes text or an attribute's value.
    ///
    /// `& < > " '` are references, as are CR, LF and TAB in attributes and CR everywhere, which a parser would not
    /// give back as they were (XML 1.0 sections 2.11 and 3.3.3). What XML cannot carry becomes U+FFFD.
    static func escape(_ text: String, inText: Bool = false, into out: inout [UInt8]) {
        let octets = text.utf8.span
        let suspects = inText ? suspectsInText : suspectsInAttributes
        var start = 0
        var index = 0
        while index < octets.count {
            let octet = octets[index]
            if octet < 0x40 ? (suspects >> octet) & 1 == 0 : octet != 0xEF {
                index += 1
                continue
            }
            if let reference = reference(for: octet) {
                append(octets, start..<index, to: &out)
                out.append(contentsOf: reference.utf8)
                start = index + 1
            } else if XMLText.isForbidden(octets, at: index) {
                append(octets, start..<index, to: &out)
                out.append(contentsOf: "\u{FFFD}".utf8)
                index += octet == 0xEF ? 2 : 0
                start = index + 1
            }
            index += 1
        }
        append(octets, start..<octets.count, to: &out)
    }

    /// Writes a name, with `_` for every character that a name may not have there.
    ///
    /// Names come from constants and from parsers, so this never happens; but an element may have come over the bus from
    /// elsewhere, and a name like `a><b` must not end the stream for everybody on it.
    static func name(_ name: String, into out: inout [UInt8]) {
        if isPlainName(name) {
            out.append(contentsOf: name.utf8)
            return
        }
        var isFirst = true
        for scalar in name.unicodeScalars {
            let isAllowed = isFirst ? XMLName.canStart(scalar) : XMLName.canContinue(scalar)
            out.append(contentsOf: String(isAllowed ? scalar : "_").utf8)
            isFirst = false
        }
        if isFirst { out.append(UInt8(ascii: "_")) }
    }

    /// The octets below 0x40 that are not written as they are.
    private static let suspectsInText: UInt64 = 0xFFFF_FFFF & ~tabAndLineFeed | markup
    private static let suspectsInAttributes: UInt64 = 0xFFFF_FFFF | markup | 1 << 0x22 | 1 << 0x27
    private static let tabAndLineFeed: UInt64 = 1 << 0x09 | 1 << 0x0A
    private static let markup: UInt64 = 1 << 0x26 | 1 << 0x3C | 1 << 0x3E

    private static func reference(for octet: UInt8) -> String? {
        switch octet {
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "\""): "&quot;"
        case UInt8(ascii: "'"): "&apos;"
        case 0x09: "&#9;"
        case 0x0A: "&#10;"
        case 0x0D: "&#13;"
        default: nil
        }
    }

    private static func append(_ octets: Span<UInt8>, _ range: Range<Int>, to out: inout [UInt8]) {
        guard !range.isEmpty else { return }
        unsafe octets.extracting(range).withUnsafeBufferPointer { unsafe out.append(contentsOf: $0) }
    }

    /// Whether a name is of ASCII letters, digits, `-`, `.` and `_`, and begins as a name does.
    private static func isPlainName(_ name: String) -> Bool {
        let octets = name.utf8.span
        guard octets.count > 0, XMLName.canStart(Unicode.Scalar(octets[0])), octets[0] < 0x80 else {
            return false
        }
        for index in octets.indices {
            guard octets[index] < 0x80, XMLName.canContinue(Unicode.Scalar(octets[index])) else {
                return false
            }
        }
        return true
    }
}
