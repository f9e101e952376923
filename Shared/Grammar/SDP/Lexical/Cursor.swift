import Octets

/// A place in a line's value, and the steps that grammars take from there.
///
/// The octets come with every call, so that the place is a plain value. What is not there is nil; the reader of a whole
/// line says what kind of fault that is.
struct Cursor {
    var at: Int
    let end: Int

    init(_ octets: Span<UInt8>) {
        at = 0
        end = octets.count
    }

    init(_ range: Range<Int>) {
        at = range.lowerBound
        end = range.upperBound
    }

    var isAtEnd: Bool { at >= end }

    func peek(_ octets: Span<UInt8>) -> UInt8? { at < end ? octets[at] : nil }

    mutating func skipBlanks(_ octets: Span<UInt8>) {
        while at < end, ASCII.isBlank(octets[at]) { at += 1 }
    }

    /// Steps over an octet, if it is the next.
    mutating func take(_ octet: UInt8, _ octets: Span<UInt8>) -> Bool {
        guard at < end, octets[at] == octet else { return false }
        at += 1
        return true
    }

    /// Steps over a keyword in any case, if it comes next.
    mutating func take(keyword: String, _ octets: Span<UInt8>) -> Bool {
        let count = keyword.utf8.count
        guard end - at >= count,
            ASCII.equalIgnoringCase(octets.extracting(at..<at + count), keyword.utf8.span)
        else { return false }
        at += count
        return true
    }

    /// One or more octets of a set.
    mutating func run(_ set: OctetSet, _ octets: Span<UInt8>) -> Range<Int>? {
        let start = at
        while at < end, set.contains(octets[at]) { at += 1 }
        return at > start ? start..<at : nil
    }

    /// One or more octets of a set, as text.
    mutating func text(_ set: OctetSet, _ octets: Span<UInt8>) -> String? {
        guard let range = run(set, octets) else { return nil }
        return String(repairing: octets.extracting(range))
    }

    /// The octets up to the next blank, blanks before them passed over.
    mutating func wordRange(_ octets: Span<UInt8>) -> Range<Int>? {
        skipBlanks(octets)
        let start = at
        while at < end, !ASCII.isBlank(octets[at]) { at += 1 }
        return at > start ? start..<at : nil
    }

    /// The octets up to the next blank as text, blanks before them passed over.
    mutating func word(_ octets: Span<UInt8>) -> String? {
        guard let range = wordRange(octets) else { return nil }
        return String(repairing: octets.extracting(range))
    }

    /// A word of which every octet is in a set.
    mutating func word(of set: OctetSet, _ octets: Span<UInt8>) -> String? {
        skipBlanks(octets)
        guard let text = text(set, octets), isAtBreak(octets) else { return nil }
        return text
    }

    /// A word that is a decimal number in a range.
    mutating func number<Value: FixedWidthInteger>(
        _ range: ClosedRange<Value>,
        _ octets: Span<UInt8>
    ) -> Value? {
        skipBlanks(octets)
        guard let value = digits(range, octets), isAtBreak(octets) else { return nil }
        return value
    }

    /// A decimal number in a range, whatever follows it.
    mutating func digits<Value: FixedWidthInteger>(
        _ range: ClosedRange<Value>,
        _ octets: Span<UInt8>
    ) -> Value? {
        guard let digits = run(.digit, octets),
            let number = ASCII.decimal(octets.extracting(digits), limit: UInt64(range.upperBound)),
            number >= UInt64(range.lowerBound)
        else { return nil }
        return Value(number)
    }

    /// All words that are left.
    mutating func words(_ octets: Span<UInt8>) -> [String] {
        var words: [String] = []
        while let word = word(octets) { words.append(word) }
        return words
    }

    /// What is left, without blanks around it; nil if that is nothing.
    mutating func rest(_ octets: Span<UInt8>) -> String? {
        skipBlanks(octets)
        var last = end
        while last > at, ASCII.isBlank(octets[last - 1]) { last -= 1 }
        guard last > at else { return nil }
        defer { at = end }
        return String(repairing: octets.extracting(at..<last))
    }

    /// The text between double quotes, which has no escapes.
    mutating func quoted(_ octets: Span<UInt8>) -> String? {
        guard take(ASCII.quote, octets) else { return nil }
        let start = at
        while at < end, octets[at] != ASCII.quote { at += 1 }
        guard at < end else { return nil }
        defer { at += 1 }
        return String(repairing: octets.extracting(start..<at))
    }

    /// Whether nothing but blanks is left.
    mutating func isFinished(_ octets: Span<UInt8>) -> Bool {
        skipBlanks(octets)
        return isAtEnd
    }

    /// Whether a word ends here.
    func isAtBreak(_ octets: Span<UInt8>) -> Bool { at >= end || ASCII.isBlank(octets[at]) }
}
