import SIPGrammar
import Testing

@Suite("A host")
struct SIPHostTests {
    @Test(arguments: [
        ("Example.COM", SIPHost.name("example.com"), "example.com"),
        ("localhost", .name("localhost"), "localhost"),
        ("a_b.example", .name("a_b.example"), "a_b.example"),
        ("192.0.2.1", .ipv4("192.0.2.1"), "192.0.2.1"),
        ("[2001:DB8::1]", .ipv6("2001:db8::1"), "[2001:db8::1]"),
        ("2001:db8::1", .ipv6("2001:db8::1"), "[2001:db8::1]"),
    ])
    func `is a name or an address`(text: String, host: SIPHost, printed: String) {
        #expect(SIPHost(text) == host)
        #expect(host.description == printed)
    }

    /// RFC 5952 section 4 and 5; RFC 5118 section 4.10 for the three colons.
    @Test(arguments: [
        ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
        ("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"), ("2001:0db8::0001", "2001:db8::1"),
        ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
        ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("::ffff:192.0.2.1", "::ffff:192.0.2.1"),
        ("::ffff:c000:201", "::ffff:192.0.2.1"), ("2001:db8::192.0.2.1", "2001:db8::c000:201"),
        ("2001:db8:::192.0.2.1", "2001:db8::c000:201"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
        ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"), ("1:2:3:4:5:6:192.0.2.1", "1:2:3:4:5:6:c000:201"),
    ])
    func `has one spelling for each IPv6 address`(text: String, canonical: String) {
        #expect(SIPHost(text) == .ipv6(canonical))
        #expect(SIPHost(canonical) == .ipv6(canonical))
    }

    @Test(arguments: [
        "", ":", ":::", "1", "1:2", ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:", "1::2::3",
        "12345::", "::g",
        "1:2:3:4:5:6:7:8::", "::1.2.3", "::1.2.3.256", "1.2.3.4::", "2001:db8:::1", "::1%eth0", "[::1",
        "::1]", "[]",
        "1:2:3:4:5:6:7:192.0.2.1", "::192.0.2.1:1",
    ])
    func `is refused where it is no IPv6 address`(text: String) {
        #expect(SIPHost(text) == nil)
        #expect(SIPHost("[\(text)]") == nil)
    }

    @Test(arguments: [
        "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.4.", "a..b", ".a", ".", "a b", "a/b", "1.2.3.0004",
        "é.example",
    ])
    func `is refused where it is no name`(text: String) {
        #expect(SIPHost(text) == nil)
    }

    @Test func `has labels of at most 63 octets`() {
        let label = String(repeating: "a", count: 63)
        #expect(SIPHost("\(label).example") != nil)
        #expect(SIPHost("a\(label).example") == nil)
        #expect(SIPHost("example.a\(label)") == nil)
        #expect(SIPHost(Array(repeating: label, count: 5).joined(separator: ".")) == nil)
    }
}
