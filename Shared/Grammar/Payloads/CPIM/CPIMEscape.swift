import Octets

/// The escapes of CPIM header values: `\n`, `\\`, `\u0007`… (RFC 3862 section 2.3).
enum CPIMEscape {
    /// Undoes escapes; what is no escape loses its backslash, and a backslash at the end is dropped.
    static func undo(_ octets: some Collection<UInt8>) -> String {
        guard octets.contains(UInt8(ascii: "\\")) else { return String(decoding: octets, as: UTF8.self) }
        var reader = Reader(Array(octets))
        return reader.text()
    }

    /// Escapes backslashes and controls and, within quotes, the quote.
    static func apply(_ text: String, isQuoted: Bool = false) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\"" where isQuoted: result += "\\\""
            case "\u{08}": result += "\\b"
            case "\t": result += "\\t"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\u{00}"..."\u{1F}", "\u{7F}": result += "\\u00" + twoHexDigits(scalar.value)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func twoHexDigits(_ value: UInt32) -> String {
        (value < 16 ? "0" : "") + String(value, radix: 16)
    }

    private struct Reader {
        private let octets: [UInt8]
        private var position = 0
        private var result: [UInt8] = []

        init(_ octets: [UInt8]) {
            self.octets = octets
        }

        mutating func text() -> String {
            while position < octets.count {
                let octet = octets[position]
                position += 1
                if octet == UInt8(ascii: "\\") { escape() } else { result.append(octet) }
            }
            return String(decoding: result, as: UTF8.self)
        }

        private mutating func escape() {
            guard position < octets.count else { return }
            let octet = octets[position]
            position += 1
            switch octet {
            case UInt8(ascii: "b"): result.append(0x08)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "n"): result.append(0x0A)
            case UInt8(ascii: "r"): result.append(0x0D)
            case UInt8(ascii: "u"): codePoint()
            default: result.append(octet)
            }
        }

        /// Four digits name a UTF-16 unit; a pair of surrogates makes one character, half a pair U+FFFD.
        private mutating func codePoint() {
            guard let unit = fourDigits(at: position) else {
                result.append(UInt8(ascii: "u"))
                return
            }
            position += 4
            var units = [unit]
            if UTF16.isLeadSurrogate(unit), position + 1 < octets.count,
                octets[position] == UInt8(ascii: "\\"),
                octets[position + 1] == UInt8(ascii: "u"), let second = fourDigits(at: position + 2),
                UTF16.isTrailSurrogate(second)
            {
                position += 6
                units.append(second)
            }
            result += Array(String(decoding: units, as: UTF16.self).utf8)
        }

        private func fourDigits(at start: Int) -> UInt16? {
            guard start + 4 <= octets.count else { return nil }
            let digits = octets[start..<(start + 4)]
            guard digits.allSatisfy({ ASCII.hexadecimalValue($0) != nil }) else {
                return nil
            }
            return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        }
    }
}
