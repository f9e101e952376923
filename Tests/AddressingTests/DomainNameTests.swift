import Addressing
import Testing
import XMPPGrammar

@Suite("Domains")
struct DomainNameTests {
    @Test(arguments: [
        ("example.com", "example.com", "example.com"),
        ("EXAMPLE.Com.", "example.com", "example.com"),
        ("münchen.example", "münchen.example", "xn--mnchen-3ya.example"),
        ("MÜNCHEN.example", "münchen.example", "xn--mnchen-3ya.example"),
        ("xn--mnchen-3ya.example", "münchen.example", "xn--mnchen-3ya.example"),
        ("XN--MNCHEN-3YA.example", "münchen.example", "xn--mnchen-3ya.example"),
        ("mu\u{308}nchen.example", "münchen.example", "xn--mnchen-3ya.example"),
        ("faß.example", "faß.example", "xn--fa-hia.example"),
        ("παράδειγμα.δοκιμή", "παράδειγμα.δοκιμή", "xn--hxajbheg2az3al.xn--jxalpdlp"),
        ("例え。テスト", "例え.テスト", "xn--r8jz45g.xn--zckzah"),
    ])
    func `a domain has two spellings`(_ text: String, _ uLabels: String, _ aLabels: String) throws {
        let domain = try DomainName(text)
        #expect(Array(domain.uLabels.utf8) == Array(uLabels.utf8))
        #expect(domain.aLabels == aLabels)
        #expect(try DomainName(aLabels) == domain)
        #expect(try DomainName(uLabels) == domain)
    }

    @Test(arguments: [
        "", ".", "a..b", "-a.example", "a b", "xn--a-ecp.ru!", String(repeating: "a.", count: 200),
    ])
    func `what is no domain is none`(_ text: String) {
        #expect(throws: Unmappable.self) { try DomainName(text) }
    }
}
