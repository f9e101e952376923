import Testing
import XMPPGrammar

@Suite
struct JIDEscapingTests {
    /// XEP-0106 section 5.1, and the corners of its section 4.
    @Test(arguments: [
        ("space cadet", "space\\20cadet"),
        ("call me \"ishmael\"", "call\\20me\\20\\22ishmael\\22"),
        ("at&t guy", "at\\26t\\20guy"),
        ("d'artagnan", "d\\27artagnan"),
        ("/.fanboy", "\\2f.fanboy"),
        ("::foo::", "\\3a\\3afoo\\3a\\3a"),
        ("<foo>", "\\3cfoo\\3e"),
        ("user@host", "user\\40host"),
        ("c:\\net", "c\\3a\\net"),
        ("c:\\\\net", "c\\3a\\\\net"),
        ("c:\\cool stuff", "c\\3a\\cool\\20stuff"),
        ("c:\\5commas", "c\\3a\\5c5commas"),
        ("\\3and\\2is\\5cool", "\\5c3and\\2is\\5c5cool"),
        ("a\\20b", "a\\5c20b"),
        ("a\\2Fb", "a\\5c2Fb"),
        ("\\", "\\"),
        ("\\5", "\\5"),
        ("\\5c", "\\5c5c"),
        ("\\\\20", "\\\\5c20"),
        ("tschüss 👋", "tschüss\\20👋"),
        ("", ""),
    ])
    func `a text is escaped and unescaped`(_ text: String, _ escaped: String) {
        #expect(JIDEscaping.escape(text) == escaped)
        #expect(JIDEscaping.unescape(escaped) == text)
    }

    @Test(arguments: [
        ("a\\2Fb", "a/b"), ("\\5c27", "\\27"), ("\\7e", "\\7e"), ("\\2", "\\2"), ("\\g0", "\\g0"),
    ])
    func `unescaping reads once from left to right`(_ escaped: String, _ text: String) {
        #expect(JIDEscaping.unescape(escaped) == text)
    }

    @Test(arguments: [" a", "a ", " "])
    func `a text with a space at an end has no escaped form`(_ text: String) {
        #expect(JIDEscaping.escape(text) == nil)
    }
}
