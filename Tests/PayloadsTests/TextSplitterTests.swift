import Payloads
import TestKit
import Testing

@Suite("Splitting text")
struct TextSplitterTests {
    @Test(arguments: [
        ("", 5, [] as [String]),
        ("short", 5, ["short"]),
        ("one two three", 8, ["one two ", "three"]),
        ("one two three", 7, ["one two", " three"]),
        ("one two three", 5, ["one ", "two ", "three"]),
        ("ab ccccccccc", 5, ["ab cc", "ccccc", "cc"]),
        ("a\r\nb\r\nc", 4, ["a\r\nb", "\r\nc"]),
        ("日本語の文", 7, ["日本", "語の", "文"]),
        ("ee\u{301}e\u{301}", 4, ["ee\u{301}", "e\u{301}"]),
        ("🇩🇪🇫🇷", 8, ["🇩🇪", "🇫🇷"]),
        ("x👨‍👩‍👧‍👦y", 25, ["x", "👨‍👩‍👧‍👦", "y"]),
        ("x👨‍👩‍👧‍👦y", 26, ["x👨‍👩‍👧‍👦", "y"]),
    ])
    func `a text is cut where it may be`(_ text: String, _ maximum: Int, _ parts: [String]) {
        #expect(TextSplitter.parts(of: text, maximum: maximum) == parts)
    }

    @Test(arguments: [("👨‍👩‍👧‍👦", 24), ("a é", 1), ("é", 1), ("ab", 0)])
    func `a character that is longer than a part cannot be cut`(_ text: String, _ maximum: Int) {
        #expect(TextSplitter.parts(of: text, maximum: maximum) == nil)
    }

    @Test func `parts put together are the text, within the limit, and as few as can be`() throws {
        let pieces = [
            "a", "word", "longer-word", " ", "  ", "\n", "\r\n", "é", "e\u{301}", "日本", "👍🏽", "🇩🇪", "👨‍👩‍👧‍👦",
            "z\u{300}\u{301}", "\t",
        ]
        for seed in 0..<300 as Range<UInt64> {
            var random = SplitMix64(seed: seed)
            let text = (0..<Int.random(in: 1...60, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }.joined()
            let maximum = Int.random(in: 25...80, using: &random)
            let parts = try #require(TextSplitter.parts(of: text, maximum: maximum))
            #expect(Array(parts.joined().utf8) == Array(text.utf8), "seed \(seed)")
            #expect(parts.allSatisfy { !$0.isEmpty && $0.utf8.count <= maximum }, "seed \(seed)")
            #expect(parts.reduce(0) { $0 + $1.count } == text.count, "a character came apart, seed \(seed)")
            // Whatever is cut, the next part's first word would not have fitted.
            for (part, next) in zip(parts, parts.dropFirst()) {
                let first = next.prefix { !$0.isWhitespace }
                let word = first.isEmpty ? String(next.prefix(1)) : String(first)
                let tail = part.reversed().prefix { !$0.isWhitespace }
                let isInsideWord = !tail.isEmpty && !first.isEmpty
                let needed = isInsideWord ? String(next.prefix(1)) : word
                let isLong = word.utf8.count > maximum
                let fits = part.utf8.count + (isLong ? String(next.prefix(1)) : needed).utf8.count <= maximum
                #expect(!fits, "seed \(seed): \(part.debugDescription) | \(next.debugDescription)")
            }
        }
    }

    @Test func `words that fit into a part stay whole`() throws {
        let text = (0..<500).map { "word\($0)" }.joined(separator: " ")
        let parts = try #require(TextSplitter.parts(of: text, maximum: 100))
        let words = parts.flatMap { $0.split(separator: " ") }
        #expect(words.map(String.init) == (0..<500).map { "word\($0)" })
    }

    @Test(.timeLimit(.minutes(1)))
    func `a long text takes time in proportion`() throws {
        for unit in ["a", " ", "日", "a ", "e\u{301}"] {
            let text = String(repeating: unit, count: 100_000)
            let parts = try #require(TextSplitter.parts(of: text, maximum: 1000))
            #expect(parts.count == (text.utf8.count + 999) / 1000 || unit != "a")
        }
        let zalgo = "a" + String(repeating: "\u{301}", count: 100_000)
        #expect(TextSplitter.parts(of: zalgo, maximum: 1000) == nil)
    }
}
