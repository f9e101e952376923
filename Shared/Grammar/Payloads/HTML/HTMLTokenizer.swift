import Octets

/// Cuts HTML as people and programs really write it into tokens; nothing is an error.
///
/// A subset of the tokenizer of the HTML standard: comments, declarations and processing instructions are passed over,
/// and so is what lies in elements whose content is not markup, such as script and style. Every octet is looked at a
/// fixed number of times, whatever is left open.
struct HTMLTokenizer {
    private let octets: [UInt8]
    private var position = 0

    /// Elements whose content is passed over to their end tag; to the end of the text if there is none.
    private static let opaque: Set<String> = [
        "script", "style", "title", "iframe", "noembed", "noframes", "xmp", "textarea",
    ]
    private static let mostAttributes = 32

    init(_ text: String) {
        octets = Array(text.utf8)
    }

    /// The next token; nil at the end.
    mutating func next() -> HTMLToken? {
        while position < octets.count {
            guard octets[position] == UInt8(ascii: "<"), let after = peek(1) else { return text() }
            switch after {
            case UInt8(ascii: "!"), UInt8(ascii: "?"): skipDeclaration()
            case UInt8(ascii: "/") where peek(2).map(Self.isLetter) == true:
                position += 2
                let tag = name()
                _ = attributes()
                return .end(name: tag)
            case UInt8(ascii: "/"): skip(past: UInt8(ascii: ">"))
            case let octet where Self.isLetter(octet):
                position += 1
                let tag = name()
                let attributes = attributes()
                if Self.opaque.contains(tag) {
                    skipContent(of: tag)
                    continue
                }
                return .start(name: tag, attributes: attributes)
            default: return text()
            }
        }
        return nil
    }

    /// Characters up to the next thing that can be a tag; at least one.
    private mutating func text() -> HTMLToken {
        let start = position
        position += 1
        while position < octets.count {
            if octets[position] == UInt8(ascii: "<"), let after = peek(1), Self.opens(after) { break }
            position += 1
        }
        return .text(HTMLReference.resolve(octets[start..<position], inAttribute: false))
    }

    private static func opens(_ octet: UInt8) -> Bool {
        isLetter(octet) || octet == UInt8(ascii: "/") || octet == UInt8(ascii: "!")
            || octet == UInt8(ascii: "?")
    }

    private mutating func name() -> String {
        let start = position
        while position < octets.count, !Self.isBlank(octets[position]), octets[position] != UInt8(ascii: ">"),
            octets[position] != UInt8(ascii: "/")
        {
            position += 1
        }
        return String(decoding: octets[start..<position], as: UTF8.self).lowercased()
    }

    /// The attributes up to and with the `>`; of one that comes twice the first counts.
    private mutating func attributes() -> [String: String] {
        var attributes: [String: String] = [:]
        while position < octets.count {
            let octet = octets[position]
            if octet == UInt8(ascii: ">") {
                position += 1
                break
            }
            if Self.isBlank(octet) || octet == UInt8(ascii: "/") {
                position += 1
                continue
            }
            let name = attributeName()
            let value = attributeValue()
            if attributes.count < Self.mostAttributes, attributes[name] == nil { attributes[name] = value }
        }
        return attributes
    }

    private mutating func attributeName() -> String {
        let start = position
        position += 1
        while position < octets.count, !Self.isBlank(octets[position]), octets[position] != UInt8(ascii: "="),
            octets[position] != UInt8(ascii: ">"), octets[position] != UInt8(ascii: "/")
        {
            position += 1
        }
        return String(decoding: octets[start..<position], as: UTF8.self).lowercased()
    }

    private mutating func attributeValue() -> String {
        skipBlanks()
        guard position < octets.count, octets[position] == UInt8(ascii: "=") else { return "" }
        position += 1
        skipBlanks()
        guard position < octets.count else { return "" }
        let quote = octets[position]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            let start = position
            while position < octets.count, !Self.isBlank(octets[position]),
                octets[position] != UInt8(ascii: ">")
            {
                position += 1
            }
            return HTMLReference.resolve(octets[start..<position], inAttribute: true)
        }
        position += 1
        let start = position
        while position < octets.count, octets[position] != quote { position += 1 }
        let end = position
        if position < octets.count { position += 1 }
        return HTMLReference.resolve(octets[start..<end], inAttribute: true)
    }

    /// Passes over `<!-- … -->`, `<!DOCTYPE …>`, `<?…>`.
    private mutating func skipDeclaration() {
        guard peek(1) == UInt8(ascii: "!"), peek(2) == UInt8(ascii: "-"), peek(3) == UInt8(ascii: "-") else {
            skip(past: UInt8(ascii: ">"))
            return
        }
        // From the second hyphen on, so that "<!-->" is a whole comment.
        position += 2
        while position < octets.count {
            if octets[position] == UInt8(ascii: "-"), peek(1) == UInt8(ascii: "-"),
                peek(2) == UInt8(ascii: ">")
            {
                position += 3
                return
            }
            position += 1
        }
    }

    /// Passes over everything up to and with the end tag of that name.
    private mutating func skipContent(of name: String) {
        let name = Array(name.utf8)
        while position < octets.count {
            let isEnd =
                octets[position] == UInt8(ascii: "<") && peek(1) == UInt8(ascii: "/")
                && matches(name, at: position + 2)
            guard isEnd else {
                position += 1
                continue
            }
            skip(past: UInt8(ascii: ">"))
            return
        }
    }

    private func matches(_ name: [UInt8], at start: Int) -> Bool {
        guard start + name.count <= octets.count else { return false }
        for offset in 0..<name.count where octets[start + offset] | 0x20 != name[offset] { return false }
        let end = start + name.count
        return end == octets.count || Self.isBlank(octets[end]) || octets[end] == UInt8(ascii: ">")
            || octets[end] == UInt8(ascii: "/")
    }

    private mutating func skip(past octet: UInt8) {
        while position < octets.count, octets[position] != octet { position += 1 }
        position = min(position + 1, octets.count)
    }

    private mutating func skipBlanks() {
        while position < octets.count, Self.isBlank(octets[position]) { position += 1 }
    }

    private func peek(_ distance: Int) -> UInt8? {
        position + distance < octets.count ? octets[position + distance] : nil
    }

    private static func isLetter(_ octet: UInt8) -> Bool {
        ASCII.isAlpha(octet)
    }

    private static func isBlank(_ octet: UInt8) -> Bool {
        octet == 0x20 || (0x09...0x0D).contains(octet)
    }
}
