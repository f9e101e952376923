import Octets

/// Reads the pieces of a structured MIME header field: tokens, quoted strings, comments, parameters (RFC 2045 section 5.1).
struct FieldScanner {
    private let octets: [UInt8]
    private var position = 0

    init(_ text: String) {
        octets = Array(text.utf8)
    }

    var isAtEnd: Bool { position >= octets.count }

    /// Takes one octet if it comes next.
    mutating func take(_ octet: UInt8) -> Bool {
        guard position < octets.count, octets[position] == octet else { return false }
        position += 1
        return true
    }

    /// Passes over white space and comments, which may lie within each other.
    mutating func skipBlanks() {
        var depth = 0
        while position < octets.count {
            switch octets[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"): break
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")") where depth > 0: depth -= 1
            case UInt8(ascii: "\\") where depth > 0 && position + 1 < octets.count: position += 1
            default: if depth == 0 { return }
            }
            position += 1
        }
    }

    /// One or more token octets.
    mutating func token() -> String? {
        let start = position
        while position < octets.count, Self.isToken(octets[position]) { position += 1 }
        return position > start ? String(decoding: octets[start..<position], as: UTF8.self) : nil
    }

    /// A quoted string with its escapes undone; one that is not closed runs to the end.
    mutating func quotedString() -> String? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        var value: [UInt8] = []
        while position < octets.count {
            var octet = octets[position]
            position += 1
            if octet == UInt8(ascii: "\"") { break }
            if octet == UInt8(ascii: "\\"), position < octets.count {
                octet = octets[position]
                position += 1
            }
            value.append(octet)
        }
        return String(decoding: value, as: UTF8.self)
    }

    /// Everything up to the next semicolon or comment, for values that ought to have been quoted.
    mutating func looseValue() -> String {
        let start = position
        while position < octets.count, octets[position] != UInt8(ascii: ";") {
            let isComment = octets[position] == UInt8(ascii: "(") && position > start
            if isComment, ASCII.isBlank(octets[position - 1]) { break }
            position += 1
        }
        var end = position
        while end > start, octets[end - 1] <= UInt8(ascii: " ") { end -= 1 }
        return String(decoding: octets[start..<end], as: UTF8.self)
    }

    /// The `; name=value` list that ends a field; what is not one is passed over.
    mutating func parameters() -> [MIMEParameter] {
        var parameters: [MIMEParameter] = []
        while !isAtEnd {
            skipBlanks()
            if take(UInt8(ascii: ";")) { continue }
            guard let name = token() else {
                position += 1
                continue
            }
            skipBlanks()
            guard take(UInt8(ascii: "=")) else { continue }
            skipBlanks()
            let value = quotedString() ?? looseValue()
            if parameters.count < 32 { parameters.append(Self.parameter(name, value)) }
        }
        return parameters
    }

    /// Undoes the extended notation `name*=charset'language'percent-coded` of RFC 2231 section 4.
    private static func parameter(_ name: String, _ value: String) -> MIMEParameter {
        let pieces = value.utf8.split(
            separator: UInt8(ascii: "'"),
            maxSplits: 2,
            omittingEmptySubsequences: false
        )
        guard name.utf8.last == UInt8(ascii: "*"), name.utf8.count > 1, pieces.count == 3,
            let octets = PercentCoding.decode(Array(pieces[2])),
            let text = Charset.decode(octets, as: String(decoding: pieces[0], as: UTF8.self))
        else { return MIMEParameter(name, value) }
        return MIMEParameter(String(name.dropLast()), text)
    }

    /// Whether RFC 2045's `token` has the octet: printable ASCII without space and tspecials.
    static func isToken(_ octet: UInt8) -> Bool {
        guard octet > 0x20, octet < 0x7F else { return false }
        switch octet {
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "@"),
            UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "\\"), UInt8(ascii: "\""),
            UInt8(ascii: "/"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "?"), UInt8(ascii: "="):
            return false
        default: return true
        }
    }
}
