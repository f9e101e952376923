/// Cuts a long text into messages (MAPPING 4.4): as few as possible, in order, nothing lost and nothing twice.
///
/// The parts put together are the text, octet for octet: white space is no exception, so a part may end or begin with
/// some. A cut lies beside white space or, in a word that alone is longer than a part, between any two characters as
/// people see them (extended grapheme clusters), so that no accent, flag or family comes apart. Among those places each
/// part takes as much as it can, which makes the fewest parts. Time grows with the length of the text and nothing else.
public enum TextSplitter {
    /// The parts of a text, each of at most so many octets of UTF-8; an empty text has none.
    ///
    /// Nil when a single character is longer than a part: such a text cannot be cut, and who sends it has to be told.
    public static func parts(of text: String, maximum: Int) -> [String]? {
        guard text.utf8.count > maximum else { return text.isEmpty ? [] : [text] }
        var cutter = Cutter(text, maximum: maximum)
        var start = text.startIndex
        while start < text.endIndex {
            let end = wordEnd(in: text, from: start)
            guard cutter.take(start..<end) else { return nil }
            start = end
        }
        return cutter.finish()
    }

    /// The end of what is not cut without need: a run of characters without white space, or one of white space.
    private static func wordEnd(in text: String, from start: String.Index) -> String.Index {
        var end = text.index(after: start)
        guard !text[start].isWhitespace else { return end }
        while end < text.endIndex, !text[end].isWhitespace { end = text.index(after: end) }
        return end
    }
}

/// The parts so far, and the one that is being filled.
private struct Cutter {
    private let text: String
    private let maximum: Int
    private var parts: [String] = []
    private var start: String.Index
    private var end: String.Index
    private var size = 0

    init(_ text: String, maximum: Int) {
        self.text = text
        self.maximum = maximum
        start = text.startIndex
        end = text.startIndex
    }

    /// Adds a word, whole if any part can hold it, else character by character; false when a character is too long.
    mutating func take(_ word: Range<String.Index>) -> Bool {
        let length = text.utf8.distance(from: word.lowerBound, to: word.upperBound)
        if length <= maximum {
            add(length, upTo: word.upperBound)
            return true
        }
        var index = word.lowerBound
        while index < word.upperBound {
            let next = text.index(after: index)
            let length = text.utf8.distance(from: index, to: next)
            guard length <= maximum else { return false }
            add(length, upTo: next)
            index = next
        }
        return true
    }

    mutating func finish() -> [String] {
        cut()
        return parts
    }

    private mutating func add(_ length: Int, upTo next: String.Index) {
        if size + length > maximum { cut() }
        size += length
        end = next
    }

    private mutating func cut() {
        guard end > start else { return }
        parts.append(String(text[start..<end]))
        start = end
        size = 0
    }
}
