/// The style attribute, cut down to the properties that XEP-0071 section 7.7 recommends.
enum InlineStyle {
    private static let properties: Set<String> = [
        "background-color", "color", "font-family", "font-size", "font-style", "font-weight", "margin-left",
        "margin-right", "text-align", "text-decoration",
    ]
    private static let longest = 2048

    /// What may stay of a style; nil when that is nothing.
    static func sanitised(_ style: String) -> String? {
        guard style.utf8.count <= longest else { return nil }
        var kept: [String] = []
        for declaration in style.split(separator: ";") {
            let pieces = declaration.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard pieces.count == 2 else { continue }
            let property = trimmed(pieces[0]).lowercased()
            let value = trimmed(pieces[1])
            if properties.contains(property), isHarmless(value) { kept.append("\(property): \(value)") }
        }
        return kept.isEmpty ? nil : kept.joined(separator: "; ")
    }

    /// Whether a value is plain words, numbers and colours.
    ///
    /// No backslash, no comment, and of functions only those of colours: everything that fetches or runs something in a
    /// style needs one of these.
    private static func isHarmless(_ value: String) -> Bool {
        guard !value.isEmpty, value.utf8.count <= 128 else { return false }
        for octet in value.utf8 {
            switch octet {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): break
            case UInt8(ascii: "0")...UInt8(ascii: "9"): break
            case UInt8(ascii: "#"), UInt8(ascii: "%"), UInt8(ascii: "."), UInt8(ascii: ","),
                UInt8(ascii: "-"),
                UInt8(ascii: "+"), UInt8(ascii: " "), UInt8(ascii: "'"), UInt8(ascii: "\""),
                UInt8(ascii: "("),
                UInt8(ascii: ")"):
                break
            default: return false
            }
        }
        guard let open = value.firstIndex(of: "(") else { return true }
        return ["rgb", "rgba", "hsl", "hsla"].contains(value[..<open].lowercased())
            && value.lastIndex(of: "(") == open
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
