import Testing
import XMPPGrammar

/// The tables of RFC 7622 section 3.5, and more of the kind.
@Suite
struct JIDTests {
    struct Legal: Sendable, CustomTestStringConvertible {
        var text: String
        var local: String?
        var domain = "example.com"
        var resource: String?
        var isCanonical = true

        var testDescription: String { text }
    }

    /// Table 1.
    static let legal = [
        Legal(text: "juliet@example.com", local: "juliet"),
        Legal(text: "juliet@example.com/foo", local: "juliet", resource: "foo"),
        Legal(text: "juliet@example.com/foo bar", local: "juliet", resource: "foo bar"),
        Legal(text: "juliet@example.com/foo@bar", local: "juliet", resource: "foo@bar"),
        Legal(text: "foo\\20bar@example.com", local: "foo\\20bar"),
        Legal(text: "fussball@example.com", local: "fussball"),
        Legal(text: "fu\u{DF}ball@example.com", local: "fu\u{DF}ball"),
        Legal(text: "\u{3C0}@example.com", local: "\u{3C0}"),
        Legal(text: "\u{3A3}@example.com/foo", local: "\u{3C3}", resource: "foo", isCanonical: false),
        Legal(text: "\u{3C3}@example.com/foo", local: "\u{3C3}", resource: "foo"),
        Legal(text: "\u{3C2}@example.com/foo", local: "\u{3C2}", resource: "foo"),
        Legal(text: "king@example.com/\u{265A}", local: "king", resource: "\u{265A}"),
        Legal(text: "example.com"),
        Legal(text: "example.com/foobar", resource: "foobar"),
        Legal(text: "a.example.com/b@example.net", domain: "a.example.com", resource: "b@example.net"),
        // Example 18 of table 2, for which there is no rule: OpaqueString has spaces.
        Legal(text: "juliet@example.com/ foo", local: "juliet", resource: " foo"),
        Legal(text: "Juliet@Example.COM/Foo", local: "juliet", resource: "Foo", isCanonical: false),
        Legal(text: "juliet@example.com./foo", local: "juliet", resource: "foo", isCanonical: false),
        Legal(text: "a@example.com//b/@", local: "a", resource: "/b/@"),
        Legal(text: "!#$%()*+,-.;=?[\\]^_`{|}~@example.com", local: "!#$%()*+,-.;=?[\\]^_`{|}~"),
        Legal(text: "127.0.0.1", domain: "127.0.0.1"),
        Legal(
            text: "a@[2001:DB8::1]/r",
            local: "a",
            domain: "[2001:db8::1]",
            resource: "r",
            isCanonical: false
        ),
        Legal(text: "localhost", domain: "localhost"),
        Legal(text: "my_host", domain: "my_host"),
    ]

    @Test(arguments: legal)
    func `an address falls into its parts`(_ row: Legal) throws {
        let jid = try JID(row.text)
        #expect(jid.local.map(scalars) == row.local.map(scalars))
        #expect(scalars(jid.domain) == scalars(row.domain))
        #expect(jid.resource.map(scalars) == row.resource.map(scalars))
        #expect((scalars(jid.description) == scalars(row.text)) == row.isCanonical)
        #expect(try JID(jid.description) == jid)
    }

    /// Table 2 without example 18, and more.
    @Test(arguments: [
        ("\"juliet\"@example.com", JIDError(.local, .forbiddenCodePoint)),
        ("foo bar@example.com", JIDError(.local, .forbiddenCodePoint)),
        ("@example.com/", JIDError(.local, .empty)),
        ("henry\u{2163}@example.com", JIDError(.local, .forbiddenCodePoint)),
        ("\u{265A}@example.com", JIDError(.local, .forbiddenCodePoint)),
        ("juliet@", JIDError(.domain, .empty)),
        ("/foobar", JIDError(.domain, .empty)),
        ("", JIDError(.domain, .empty)),
        ("@example.com", JIDError(.local, .empty)),
        ("example.com/", JIDError(.resource, .empty)),
        (".", JIDError(.domain, .empty)),
        ("a@b@example.com", JIDError(.domain, .forbiddenCodePoint)),
        ("a:b@example.com", JIDError(.local, .forbiddenCodePoint)),
        ("a'b@example.com", JIDError(.local, .forbiddenCodePoint)),
        ("a<b>@example.com", JIDError(.local, .forbiddenCodePoint)),
        ("a&b@example.com", JIDError(.local, .forbiddenCodePoint)),
        ("a\u{0}b@example.com", JIDError(.local, .forbiddenCodePoint)),
        ("a\u{7F}b@example.com", JIDError(.local, .forbiddenCodePoint)),
        ("a\u{A0}b@example.com", JIDError(.local, .forbiddenCodePoint)),
        ("a\u{FF20}b@example.com", JIDError(.local, .forbiddenCodePoint)),
        ("a@example.com/\u{7}", JIDError(.resource, .forbiddenCodePoint)),
        ("a@example.com/\u{200B}", JIDError(.resource, .forbiddenCodePoint)),
        ("a@exa mple.com", JIDError(.domain, .forbiddenCodePoint)),
        ("a@example..com", JIDError(.domain, .badLabel)),
        ("a@.example.com", JIDError(.domain, .badLabel)),
        ("a@example.com..", JIDError(.domain, .badLabel)),
        ("a@-example.com", JIDError(.domain, .badLabel)),
        ("a@example-.com", JIDError(.domain, .badLabel)),
        ("a@example.com:5222", JIDError(.domain, .forbiddenCodePoint)),
        ("a@[example.net]", JIDError(.domain, .badIPLiteral)),
        ("a@[::1", JIDError(.domain, .badIPLiteral)),
    ])
    func `what is no address says which part is wrong and why`(_ text: String, _ error: JIDError) {
        #expect(throws: error) { try JID(text) }
    }

    @Test(arguments: [1_023, 1_024])
    func `each part has 1023 octets at most`(_ count: Int) throws {
        let part = String(repeating: "a", count: count)
        let isShort = count == 1_023
        #expect(isAddress("\(part)@example.com") == isShort)
        #expect(isAddress("example.com/\(part)") == isShort)
        // 15 labels of 63 octets, and one of what is left.
        let labels = Array(repeating: String(repeating: "b", count: 63), count: 15).joined(separator: ".")
        let domain = labels + "." + String(repeating: "c", count: count - labels.utf8.count - 1)
        #expect(isAddress(domain) == isShort)
    }

    @Test
    func `lengths are counted in octets after the mappings`() throws {
        // Two octets become one.
        let composed = String(repeating: "e\u{301}", count: 511)
        #expect(try JID(local: composed, domain: "example.com").local?.utf8.count == 1_022)
        #expect(throws: JIDError(.local, .tooLong)) {
            try JID(local: String(repeating: "\u{E9}", count: 512), domain: "example.com")
        }
        #expect(throws: JIDError(.resource, .tooLong)) {
            try JID(local: nil, domain: "example.com", resource: String(repeating: "♚", count: 100_000))
        }
    }

    @Test
    func `bare, host and another resource of an address`() throws {
        let jid = try JID("juliet@example.com/balcony")
        #expect(!jid.isBare)
        #expect(try jid.bare == JID("juliet@example.com"))
        #expect(jid.bare.isBare)
        #expect(try jid.host == JID("example.com"))
        #expect(try jid.at(resource: "chamber") == JID("juliet@example.com/chamber"))
        #expect(try jid.at(resource: nil) == jid.bare)
        #expect(throws: JIDError(.resource, .empty)) { try jid.at(resource: "") }
    }

    @Test
    func `addresses are the same when their canonical forms are`() throws {
        #expect(try JID("JULIET@EXAMPLE.COM") == JID("juliet@example.com"))
        #expect(try JID("juliet@example.com/A") != JID("juliet@example.com/a"))
        #expect(try JID("e\u{301}@example.com") == JID("\u{C9}@example.com"))
        #expect(try Set([JID("a@b"), JID("A@B")]).count == 1)
    }

    private func isAddress(_ text: String) -> Bool {
        (try? JID(text)) != nil
    }

    private func scalars(_ text: String) -> [Unicode.Scalar] {
        Array(text.unicodeScalars)
    }
}
