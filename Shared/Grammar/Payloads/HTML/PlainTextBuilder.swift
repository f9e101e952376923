/// Makes text of HTML: white space runs together, blocks stand in lines of their own.
struct PlainTextBuilder {
    private(set) var text = ""
    private var needsSpace = false
    private var isLineStart = true

    /// Whether the line has characters yet.
    var isAtLineStart: Bool { isLineStart }

    /// Adds characters; with `preformatted` their white space is kept.
    mutating func append(_ characters: String, preformatted: Bool) {
        for scalar in characters.unicodeScalars {
            switch scalar {
            case "\n" where preformatted: lineBreak()
            case "\r" where preformatted: break
            case " ", "\t", "\n", "\r", "\u{0C}":
                if preformatted { put(scalar) } else { needsSpace = !isLineStart }
            default: put(scalar)
            }
        }
    }

    /// Ends the line, even an empty one.
    mutating func lineBreak() {
        text.unicodeScalars.append("\n")
        isLineStart = true
        needsSpace = false
    }

    /// Ends the line if it has characters.
    mutating func blockBoundary() {
        needsSpace = false
        if !isLineStart { lineBreak() }
    }

    /// The text without line breaks at its ends.
    func finished() -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { $0 != "\n" }),
            let last = scalars.lastIndex(where: { $0 != "\n" })
        else { return "" }
        return String(scalars[first...last])
    }

    private mutating func put(_ scalar: Unicode.Scalar) {
        if needsSpace { text.unicodeScalars.append(" ") }
        text.unicodeScalars.append(scalar)
        needsSpace = false
        isLineStart = false
    }
}
