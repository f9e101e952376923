import Octets

/// Quoted strings (RFC 3261 section 25.1 `quoted-string`): `"`, text with `\` before what would end it, `"`.
enum Quoting {
    /// Adds a text as a quoted string.
    ///
    /// Line ends cannot be quoted and become spaces; other control characters can.
    static func write(_ text: String, into octets: inout [UInt8]) {
        octets.append(ASCII.quote)
        for octet in text.utf8 {
            if octet == ASCII.carriageReturn || octet == ASCII.lineFeed {
                octets.append(ASCII.space)
                continue
            }
            if octet == ASCII.quote || octet == ASCII.backslash
                || (ASCII.isControl(octet) && octet != ASCII.tab)
            {
                octets.append(ASCII.backslash)
            }
            octets.append(octet)
        }
        octets.append(ASCII.quote)
    }

    static func quoted(_ text: String) -> String {
        var octets: [UInt8] = []
        octets.reserveCapacity(text.utf8.count + 2)
        write(text, into: &octets)
        return String(decoding: octets, as: UTF8.self)
    }

    /// The text that a quoted string means; a range with its quotes.
    static func text(of octets: Span<UInt8>, _ range: Range<Int>) -> String {
        var inner: [UInt8] = []
        inner.reserveCapacity(range.count)
        var index = range.lowerBound + 1
        while index < range.upperBound - 1 {
            if octets[index] == ASCII.backslash, index + 1 < range.upperBound - 1 { index += 1 }
            inner.append(octets[index])
            index += 1
        }
        return String(repairing: inner.span)
    }

    /// Whether a raw parameter value is one whole quoted string.
    static func isQuoted(_ value: String) -> Bool {
        let octets = value.utf8.span
        var scanner = Scanner(octets)
        guard (try? scanner.quotedString(octets)) != nil else { return false }
        return scanner.isAtEnd
    }

    /// Whether a value has no control characters but tabs and those that a quoted string holds behind a `\`.
    static func isClean(_ octets: Span<UInt8>) -> Bool {
        var isInside = false
        var index = 0
        while index < octets.count {
            let octet = octets[index]
            if octet == ASCII.quote {
                isInside.toggle()
            } else if octet == ASCII.backslash, isInside {
                index += 1
                guard index < octets.count else { return true }
                guard octets[index] != ASCII.carriageReturn, octets[index] != ASCII.lineFeed else {
                    return false
                }
            } else if ASCII.isControl(octet), octet != ASCII.tab {
                return false
            }
            index += 1
        }
        return true
    }
}
