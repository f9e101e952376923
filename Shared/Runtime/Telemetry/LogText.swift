/// Text of unknown origin, made fit for one line of a log.
///
/// A peer chooses display names, reason phrases and addresses. What could end the line, move the cursor, colour the
/// terminal or turn the reading direction is written as an escape, so nobody can forge a line or hide part of one.
enum LogText {
    /// No single value is longer than this in the log, in octets.
    static let longest = 1024

    /// Writes the text without anything that is not visible.
    static func write(_ text: String, into line: inout [UInt8]) {
        write(text, into: &line, escapingQuotes: false) { "\\u{" + String($0, radix: 16) + "}" }
    }

    /// Writes a value: in quotes when a reader could not tell where it ends.
    static func writeValue(_ text: String, into line: inout [UInt8]) {
        guard text.isEmpty || text.utf8.contains(where: needsQuotes) else {
            return write(text, into: &line)
        }
        line.append(UInt8(ascii: "\""))
        write(text, into: &line, escapingQuotes: true) { "\\u{" + String($0, radix: 16) + "}" }
        line.append(UInt8(ascii: "\""))
    }

    /// Writes a JSON string (RFC 8259 7).
    static func writeJSON(_ text: String, into line: inout [UInt8]) {
        line.append(UInt8(ascii: "\""))
        write(text, into: &line, escapingQuotes: true) { value in
            let units = Unicode.Scalar(value).map { Array(String($0).utf16) } ?? []
            return units.map { "\\u" + padded(String($0, radix: 16)) }.joined()
        }
        line.append(UInt8(ascii: "\""))
    }

    private static func write(
        _ text: String,
        into line: inout [UInt8],
        escapingQuotes: Bool,
        escape: (UInt32) -> String
    ) {
        let end = line.count + longest
        for scalar in text.unicodeScalars {
            if line.count >= end {
                line += "…".utf8
                return
            }
            switch scalar.value {
            case 0x22, 0x5C:
                if escapingQuotes { line.append(UInt8(ascii: "\\")) }
                line.append(UInt8(truncatingIfNeeded: scalar.value))
            case 0x20..<0x7F: line.append(UInt8(truncatingIfNeeded: scalar.value))
            default:
                line += (isInvisible(scalar) ? escape(scalar.value) : String(scalar)).utf8
            }
        }
    }

    /// Controls (C0, DEL, C1), line and paragraph separators, and what turns or hides text (UAX 9, U+FEFF, tags).
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse:
            // ZWJ and ZWNJ are part of ordinary words and of emoji.
            scalar.value != 0x200C && scalar.value != 0x200D
        default: false
        }
    }

    private static func needsQuotes(_ octet: UInt8) -> Bool {
        octet <= 0x20 || octet == UInt8(ascii: "\"") || octet == UInt8(ascii: "=")
            || octet == UInt8(ascii: "\\")
    }

    private static func padded(_ digits: String) -> String {
        String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }
}
