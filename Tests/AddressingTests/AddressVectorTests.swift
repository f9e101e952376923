import Addressing
import SIPGrammar
import Testing
import XMPPGrammar

/// The vectors of MAPPING section 13 and the tables of its section 1.
@Suite("Addresses")
struct AddressVectorTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let sip: String
        let xmpp: String
        var testDescription: String { "\(sip) <-> \(xmpp)" }

        init(_ sip: String, _ xmpp: String) {
            self.sip = sip
            self.xmpp = xmpp
        }
    }

    static let mapper = AddressMapper()

    private func jid(_ sip: String, by mapper: AddressMapper = mapper) throws -> String {
        let uri = try #require(SIPRequestURI(sip), "\(sip) is no URI")
        return try mapper.jid(for: uri).description
    }

    private func uri(_ xmpp: String, by mapper: AddressMapper = mapper) throws -> String {
        try mapper.uri(for: JID(xmpp)).description
    }

    private func reason(_ sip: String, by mapper: AddressMapper = mapper) throws -> Unmappable.Reason? {
        let uri = try #require(SIPRequestURI(sip), "\(sip) is no URI")
        do throws(Unmappable) {
            _ = try mapper.jid(for: uri)
            return nil
        } catch {
            return error.reason
        }
    }

    static let bothWays = [
        Row("sip:f%C3%BC@sip.example", "fü@sip.example"),
        Row("sip:o'malley@sip.example", #"o\27malley@sip.example"#),
        Row("sip:foo@sip.example;gr=bar", "foo@sip.example/bar"),
        Row("sip:m&m@xmpp.example", #"m\26m@xmpp.example"#),
        Row("sip:tsch%C3%BCss@xmpp.example", "tschüss@xmpp.example"),
        Row("sip:baz@xmpp.example;gr=qux", "baz@xmpp.example/qux"),
        Row("sip:a%20b@h.example", #"a\20b@h.example"#),
        Row("sip:a%5C20b@h.example", #"a\5c20b@h.example"#),
        Row("sip:a%2541@h.example", "a%41@h.example"),
        Row("sip:user;par=u%40example.net@example.com", #"user;par=u\40example.net@example.com"#),
        Row("sip:juliet@example.com;gr=balcony%20room", "juliet@example.com/balcony room"),
        Row("sip:verona@muc.example.com;gr=Ju/li%22C", #"verona@muc.example.com/Ju/li"C"#),
        Row("sip:example.com", "example.com"),
        Row("sip:x@xn--mnchen-3ya.example", "x@münchen.example"),
        Row("sip:x@xn--fiq228c.xn--wgv71a", "x@中文.日本"),
        Row("sip:+15551234@h.example", "+15551234@h.example"),
        Row("sip:x@h.example;gr=%C3%A4%3Bb%3D%3F", "x@h.example/ä;b=?"),
        Row("sip:x@h.example;gr=a%40b", "x@h.example/a@b"),
        Row("sip:a%5C27@h.example", #"a\5c27@h.example"#),
        Row("sip:a%5Cxyz@h.example", #"a\xyz@h.example"#),
        Row("sip:a%5C@h.example", #"a\@h.example"#),
    ]

    @Test(arguments: bothWays)
    func `an address has one counterpart, both ways`(_ row: Row) throws {
        #expect(try jid(row.sip) == row.xmpp)
        #expect(try uri(row.xmpp) == row.sip)
    }

    static let toXMPP = [
        Row("sip:alice:secret@h.example;transport=tcp", "alice@h.example"),
        Row("sip:Bob@H.Example", "bob@h.example"),
        Row("sip:a%26b@h.example", #"a\26b@h.example"#),
        Row("sip:a%5c5C@h.example", #"a\5c5c@h.example"#),
        Row("sip:x@h.example:5062;lr;maddr=192.0.2.1?Subject=hi", "x@h.example"),
        Row("sip:x@h.example.;gr=y", "x@h.example/y"),
        Row("sip:x@h.example;gr", "x@h.example"),
        Row("sip:x@h.example;gr=%00", "x@h.example"),
        Row("sip:x@h.example;gr=%ff", "x@h.example"),
        Row("sip:x@h.example;gr=Q", "x@h.example/Q"),
        Row("im:x@h.example", "x@h.example"),
        Row("pres:x@h.example", "x@h.example"),
        Row("sip:%EF%BC%A6oo@h.example", "foo@h.example"),
        Row("sip:u%CC%88@h.example", "ü@h.example"),
        Row("sip:+1-555-1234@h.example;user=phone", "+15551234@h.example"),
        Row("sip:+1(555)12.34@h.example;user=PHONE", "+15551234@h.example"),
        Row(
            "sip:555-1234;phone-context=+1-212@h.example;user=phone",
            "5551234;phone-context=+1212@h.example"
        ),
        Row("sip:bob-smith@h.example;user=phone", "bob-smith@h.example"),
        Row("sip:+1-555-1234@h.example", "+1-555-1234@h.example"),
    ]

    @Test(arguments: toXMPP)
    func `a URI becomes a JID`(_ row: Row) throws {
        #expect(try jid(row.sip) == row.xmpp)
    }

    @Test(arguments: [
        ("sip:x%00y@h.example", Unmappable.Reason.user),
        ("sip:x%C2%85@h.example", .user),
        ("sip:%20x@h.example", .user),
        ("sip:x%20@h.example", .user),
        ("sip:%FF@h.example", .user),
        ("sip:%E2%99%9A@h.example", .user),
        ("sip:x@192.0.2.1", .domain),
        ("sip:x@[2001:db8::1]", .domain),
        ("sips:x@h.example", .secureScheme),
        ("tel:+15551234", .domain),
        ("http://h.example/", .scheme),
        ("urn:service:sos", .scheme),
    ])
    func `what has no counterpart says why`(_ sip: String, _ expected: Unmappable.Reason) throws {
        #expect(try reason(sip) == expected)
    }

    @Test func `a user part or domain that is too long is refused`() throws {
        #expect(try reason("sip:\(String(repeating: "a", count: 1024))@h.example") == .user)
        #expect(try reason("sip:\(String(repeating: "%26", count: 342))@h.example") == .user)
        #expect(try jid("sip:\(String(repeating: "a", count: 1023))@h.example").utf8.count == 1033)
        let resource = String(repeating: "r", count: 1024)
        #expect(try jid("sip:x@h.example;gr=\(resource)") == "x@h.example")
    }

    @Test func `an IP address stands for a domain only where it is listed`() throws {
        let mapper = AddressMapper(ipHosts: ["192.0.2.1", "2001:db8::1"])
        #expect(try jid("sip:x@192.0.2.1", by: mapper) == "x@192.0.2.1")
        #expect(try jid("sip:x@[2001:DB8:0::1]", by: mapper) == "x@[2001:db8::1]")
        #expect(try uri("x@192.0.2.1", by: mapper) == "sip:x@192.0.2.1")
        #expect(try uri("x@[2001:db8::1]", by: mapper) == "sip:x@[2001:db8::1]")
        #expect(try reason("sip:x@192.0.2.2", by: mapper) == .domain)
        #expect(throws: Unmappable.self) { try Self.mapper.uri(for: JID("x@192.0.2.1")) }
    }

    @Test func `sips is mapped by agreement alone`() throws {
        let mapper = AddressMapper(secureDomains: ["h.example"])
        #expect(try jid("sips:x@h.example", by: mapper) == "x@h.example")
        #expect(try reason("sips:x@other.example", by: mapper) == .secureScheme)
    }

    @Test func `telephone numbers belong to the telephone domain`() throws {
        let mapper = AddressMapper(pstnDomains: ["pstn.example"], telDomain: "pstn.example")
        #expect(try jid("tel:+1-555-1234", by: mapper) == "+15551234@pstn.example")
        #expect(
            try jid("tel:7042;phone-context=example.com", by: mapper)
                == "7042;phone-context=example.com@pstn.example"
        )
        #expect(try uri("+15551234@pstn.example", by: mapper) == "sip:+15551234@pstn.example;user=phone")
        #expect(
            try uri("7042;phone-context=x.example@pstn.example", by: mapper)
                == "sip:7042;phone-context=x.example@pstn.example;user=phone"
        )
        #expect(
            try uri("*31#;phone-context=+1@pstn.example", by: mapper)
                == "sip:*31%23;phone-context=+1@pstn.example;user=phone"
        )
        for other in ["7042", "+", "+1555x", "bob", "+1.2"] {
            #expect(try uri("\(other)@pstn.example", by: mapper) == "sip:\(other)@pstn.example")
        }
        #expect(try uri("+15551234@h.example", by: mapper) == "sip:+15551234@h.example")
    }

    /// MAPPING 1.4, a row a character.
    @Test func `every character of the table is written as the table says`() throws {
        let rows: [(character: String, s2x: String, x2s: String)] =
            [
                (" ", #"\20"#, "%20"), ("\"", #"\22"#, "%22"), ("#", "#", "%23"), ("%", "%", "%25"),
                ("&", #"\26"#, "&"),
                ("'", #"\27"#, "'"), ("/", #"\2f"#, "/"), (":", #"\3a"#, "%3A"), ("<", #"\3c"#, "%3C"),
                (">", #"\3e"#, "%3E"),
                ("@", #"\40"#, "%40"), ("[", "[", "%5B"), ("]", "]", "%5D"), ("^", "^", "%5E"),
                ("`", "`", "%60"),
                ("{", "{", "%7B"), ("|", "|", "%7C"), ("}", "}", "%7D"), ("\\", "\\", "%5C"),
                ("ß", "ß", "%C3%9F"),
            ]
            + "!$()*+,-.;=?_~".map { (String($0), String($0), String($0)) }
        for row in rows {
            let encoded = row.character.utf8.map { octet in
                let digits = String(octet, radix: 16, uppercase: true)
                return "%" + (digits.utf8.count == 1 ? "0" : "") + digits
            }.joined()
            #expect(try jid("sip:a\(encoded)z@h.example") == "a\(row.s2x)z@h.example")
            #expect(try uri("a\(row.s2x)z@h.example") == "sip:a\(row.x2s)z@h.example")
        }
    }

    @Test func `im and pres have fewer characters bare`() throws {
        let jid = try JID("a(b),c.d;e=f@h.example")
        #expect(try Self.mapper.uri(for: jid).description == "sip:a(b),c.d;e=f@h.example")
        #expect(try Self.mapper.uri(for: jid, as: .im).description == "im:a%28b%29%2Cc%2Ed%3Be=f@h.example")
        #expect(
            try Self.mapper.uri(for: jid, as: .pres).description == "pres:a%28b%29%2Cc%2Ed%3Be=f@h.example"
        )
    }

    @Test func `gr counts outside the brackets too, where the URI has none`() throws {
        let outside = try #require(SIPNameAddress("<sip:juliet@example.com>;gr=balcony;tag=1"))
        #expect(try Self.mapper.jid(for: outside).description == "juliet@example.com/balcony")
        let both = try #require(SIPNameAddress("<sip:juliet@example.com;gr=a>;gr=b"))
        #expect(try Self.mapper.jid(for: both).description == "juliet@example.com/a")
        let bare = try #require(SIPNameAddress("sip:juliet@example.com;gr=balcony"))
        #expect(try Self.mapper.jid(for: bare).description == "juliet@example.com/balcony")
    }
}
