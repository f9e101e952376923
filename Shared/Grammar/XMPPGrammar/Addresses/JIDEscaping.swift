internal import Octets

// Conforms: XEP-0106 1.1.1 (complete)

/// Characters that a local part cannot have, as a backslash and two hex digits (XEP-0106).
///
///     space cadet  <->  space\20cadet
///     call me "ishmael"  <->  call\20me\20\22ishmael\22
public enum JIDEscaping {
    /// The local part that stands for a text; nil for a text that begins or ends with a space, which XEP-0106
    /// section 4 rules out.
    ///
    /// A backslash is escaped only where it would read as the beginning of an escape.
    public static func escape(_ text: String) -> String? {
        let octets = Array(text.utf8)
        guard octets.first != UInt8(ascii: " "), octets.last != UInt8(ascii: " ") else { return nil }
        var escaped: [UInt8] = []
        escaped.reserveCapacity(octets.count)
        for (index, octet) in octets.enumerated() {
            let needsEscape =
                octet == UInt8(ascii: "\\")
                ? unescaped(octets[(index + 1)...]) != nil : escapable.contains(octet)
            if needsEscape {
                escaped.append(UInt8(ascii: "\\"))
                escaped.append(hexDigits[Int(octet >> 4)])
                escaped.append(hexDigits[Int(octet & 0xF)])
            } else {
                escaped.append(octet)
            }
        }
        return String(decoding: escaped, as: UTF8.self)
    }

    /// The text that a local part stands for; a backslash that begins no escape is a backslash.
    public static func unescape(_ local: String) -> String {
        guard local.utf8.contains(UInt8(ascii: "\\")) else { return local }
        let octets = Array(local.utf8)
        var text: [UInt8] = []
        text.reserveCapacity(octets.count)
        var index = 0
        while index < octets.count {
            if octets[index] == UInt8(ascii: "\\"), let original = unescaped(octets[(index + 1)...]) {
                text.append(original)
                index += 3
            } else {
                text.append(octets[index])
                index += 1
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static let escapable = OctetSet(" \"&'/:<>@\\")
    private static let hexDigits = Array("0123456789abcdef".utf8)

    /// The character that two hex digits after a backslash escape; nil when they escape none.
    private static func unescaped(_ digits: ArraySlice<UInt8>) -> UInt8? {
        guard digits.count >= 2, let high = digits.first.flatMap(ASCII.hexadecimalValue),
            let low = ASCII.hexadecimalValue(digits[digits.startIndex + 1])
        else { return nil }
        let octet = high << 4 | low
        return escapable.contains(octet) ? octet : nil
    }
}
