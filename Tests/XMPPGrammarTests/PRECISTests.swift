import Testing
import XMPPGrammar

/// What the profiles UsernameCaseMapped and OpaqueString make of text, seen through local parts and resources.
@Suite
struct PRECISTests {
    @Test(arguments: [
        ("Juliet", "juliet"),
        ("\u{DF}", "\u{DF}"),
        ("\u{1E9E}", "\u{DF}"),
        ("\u{130}", "i\u{307}"),
        ("\u{3A3}\u{3A3}", "\u{3C3}\u{3C3}"),
        ("\u{FF2A}\u{FF55}\u{FF4C}", "jul"),
        ("\u{FF76}\u{FF9E}", "\u{30AC}"),
        ("\u{41A}\u{430}\u{442}\u{44F}", "\u{43A}\u{430}\u{442}\u{44F}"),
        ("A\u{30A}", "\u{E5}"),
        ("\u{D55C}", "\u{D55C}"),
        ("l\u{B7}l", "l\u{B7}l"),
        ("\u{375}\u{3B1}", "\u{375}\u{3B1}"),
        ("\u{5D0}\u{5F3}", "\u{5D0}\u{5F3}"),
        ("\u{30A2}\u{30FB}\u{30A2}", "\u{30A2}\u{30FB}\u{30A2}"),
        ("\u{915}\u{94D}\u{200D}\u{937}", "\u{915}\u{94D}\u{200D}\u{937}"),
        ("\u{628}\u{200C}\u{628}", "\u{628}\u{200C}\u{628}"),
        ("\u{628}\u{64E}\u{200C}\u{64E}\u{628}", "\u{628}\u{64E}\u{200C}\u{64E}\u{628}"),
        ("\u{627}1", "\u{627}1"),
        ("\u{627}\u{661}", "\u{627}\u{661}"),
        ("\u{5D0}-\u{5D1}", "\u{5D0}-\u{5D1}"),
        ("\u{5D0}\u{5B0}", "\u{5D0}\u{5B0}"),
    ])
    func `a local part is mapped to narrow lower case in Normalization Form C`(
        _ text: String,
        _ local: String
    ) throws {
        let jid = try JID(local: text, domain: "example.com")
        #expect(jid.local.map { Array($0.unicodeScalars) } == Array(local.unicodeScalars))
    }

    @Test(arguments: [
        // compatibility characters, symbols, spaces, what is invisible, what is not assigned
        "\u{FB01}", "\u{2163}", "\u{265A}", "\u{1F600}", "\u{A0}", "\u{3000}", "\u{AD}", "\u{FE0F}",
        "\u{2060}",
        "\u{212B}", "\u{958}", "\u{1100}", "\u{378}", "\u{E000}", "\u{FFFD}", "\u{85}", "\u{1C5}", "\u{2028}",
        "\u{640}", "\u{303B}", "\u{1E030}",
        // contexts
        "l\u{B7}", "\u{B7}l", "a\u{B7}a", "\u{375}a", "a\u{5F3}", "a\u{30FB}b", "a\u{200D}", "\u{200C}",
        "a\u{200C}b",
        "\u{627}\u{200C}\u{628}", "\u{661}\u{6F1}\u{627}",
    ])
    func `a local part has no code point outside the IdentifierClass`(_ text: String) {
        #expect(throws: JIDError(.local, .forbiddenCodePoint)) { try JID(local: text, domain: "example.com") }
    }

    @Test(arguments: [
        "a\u{5D0}", "\u{5D0}a", "1\u{5D0}", "\u{5D0}-", "\u{627}1\u{661}", "-\u{627}", "\u{661}",
    ])
    func `a local part obeys the Bidi Rule`(_ text: String) {
        #expect(throws: JIDError(.local, .bidirectional)) { try JID(local: text, domain: "example.com") }
    }

    /// RFC 8265 section 4.3.
    @Test(arguments: [
        ("correct horse battery staple", "correct horse battery staple"),
        ("Correct Horse Battery Staple", "Correct Horse Battery Staple"),
        ("\u{3C0}\u{DF}\u{E5}", "\u{3C0}\u{DF}\u{E5}"),
        ("Jack of \u{2666}s", "Jack of \u{2666}s"),
        ("foo\u{1680}bar", "foo bar"),
        ("\u{FF21}\u{2163}", "\u{FF21}\u{2163}"),
        ("e\u{301}\u{3000}", "\u{E9} "),
        ("\u{5D0}a1", "\u{5D0}a1"),
        ("\u{1F600}", "\u{1F600}"),
    ])
    func `a resource keeps case and width, and has one kind of space`(
        _ text: String,
        _ resource: String
    ) throws {
        let jid = try JID(local: nil, domain: "example.com", resource: text)
        #expect(jid.resource.map { Array($0.unicodeScalars) } == Array(resource.unicodeScalars))
    }

    @Test(arguments: [
        "my cat is a \u{9}by", "\u{0}", "\u{7F}", "\u{85}", "\u{200B}", "\u{2028}", "\u{E000}", "\u{378}",
        "\u{FFFE}",
        "\u{1100}", "\u{FE0F}", "a\u{200D}b",
    ])
    func `a resource has no code point outside the FreeformClass`(_ text: String) {
        #expect(throws: JIDError(.resource, .forbiddenCodePoint)) {
            try JID(local: nil, domain: "example.com", resource: text)
        }
    }

    @Test
    func `enforcing a part again changes nothing`() throws {
        for value in UInt32(0)...0x2FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = String(scalar)
            if let local = (try? JID(local: text, domain: "example.com"))?.local {
                let again = (try? JID(local: local, domain: "example.com"))?.local
                guard again.map({ $0.unicodeScalars.elementsEqual(local.unicodeScalars) }) == true else {
                    Issue.record("local part U+\(String(value, radix: 16))")
                    return
                }
            }
            if let resource = (try? JID(local: nil, domain: "example.com", resource: text))?.resource {
                let again = (try? JID(local: nil, domain: "example.com", resource: resource))?.resource
                guard again.map({ $0.unicodeScalars.elementsEqual(resource.unicodeScalars) }) == true else {
                    Issue.record("resource U+\(String(value, radix: 16))")
                    return
                }
            }
        }
    }
}
