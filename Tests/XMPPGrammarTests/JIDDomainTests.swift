import Testing
import XMPPGrammar

@Suite
struct JIDDomainTests {
    @Test(arguments: [
        ("b\u{FC}cher.example", "b\u{FC}cher.example", "xn--bcher-kva.example"),
        ("B\u{DC}CHER.Example", "b\u{FC}cher.example", "xn--bcher-kva.example"),
        ("bu\u{308}cher.example", "b\u{FC}cher.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "b\u{FC}cher.example", "xn--bcher-kva.example"),
        ("XN--BCHER-KVA.example", "b\u{FC}cher.example", "xn--bcher-kva.example"),
        ("fa\u{DF}.de", "fa\u{DF}.de", "xn--fa-hia.de"),
        ("例え。テスト", "例え.テスト", "xn--r8jz45g.xn--zckzah"),
        ("ｅｘａｍｐｌｅ．com", "example.com", "example.com"),
        ("אבג.example", "אבג.example", "xn--4dbcd.example"),
        ("xn--4dbcd.example.", "אבג.example", "xn--4dbcd.example"),
        ("a.b-c.d9", "a.b-c.d9", "a.b-c.d9"),
    ])
    func `a domain is kept in U-labels and given to DNS in A-labels`(
        _ text: String,
        _ domain: String,
        _ ascii: String
    ) throws {
        let jid = try JID(text)
        #expect(Array(jid.domain.unicodeScalars) == Array(domain.unicodeScalars))
        #expect(jid.asciiDomain == ascii)
    }

    @Test(arguments: [
        "xn--", "xn--a", "xn--bcher-kvaa!", "xn--99999999999", "xn--abc-", "xn--Bcher-KVA-",
        "♥.example", "\u{301}a.example", "aא.example", "אa.example", "ab--ü.example", "ü-.example",
        "-ü.example",
        "a\u{200D}b.example", "ü..example", "\u{2024}.example", "a\u{FF0F}b.example", "\u{1F}ü.example",
        "\(String(repeating: "a", count: 64)).example", "\(String(repeating: "ü", count: 60)).example",
        "\u{D4E}.ü.\u{301}x",
    ])
    func `a domain with a label that is none is refused`(_ text: String) {
        let error = #expect(throws: JIDError.self) { try JID(text) }
        #expect(error?.part == .domain)
    }

    @Test(arguments: [
        ("[::]", true), ("[::1]", true), ("[1:2:3:4:5:6:7:8]", true), ("[1::8]", true),
        ("[1:2:3:4:5:6:7::]", true),
        ("[::ffff:192.0.2.1]", true), ("[1:2:3:4:5:6:192.0.2.1]", true), ("[fe80::1%25eth0]", true),
        ("[fe80::1%eth0]", true), ("[::2:3:4:5:6:7:8]", true),
        ("[]", false), ("[:]", false), ("[1]", false), ("[1:2:3:4:5:6:7]", false),
        ("[1:2:3:4:5:6:7:8:9]", false),
        ("[1::2::3]", false), ("[:::]", false), ("[12345::]", false), ("[g::]", false),
        ("[192.0.2.1]", false),
        ("[::1.2.3]", false), ("[::1.2.3.256]", false), ("[::01.2.3.4]", false), ("[1.2.3.4::]", false),
        ("[fe80::1%25]", false), ("[::1]x", false), ("[1:2:3:4:5:6:7:8::]", false),
        ("[:1:2:3:4:5:6:7]", false),
    ])
    func `an address in brackets is of IPv6`(_ text: String, _ isLegal: Bool) {
        #expect((try? JID(text))?.domain == (isLegal ? text : nil))
    }
}
