import SIPGrammar
import Testing

@Suite("A URI of any scheme")
struct SIPRequestURITests {
    @Test(arguments: [
        ("sip:a@b", "sip"), ("SIPS:a@b", "sips"), ("tel:+1-201-555-0123", "tel"),
        ("http://www.example.com", "http"),
        ("isbn:2983792873", "isbn"), ("nobodyKnowsThisScheme:totallyopaquecontent", "nobodyknowsthisscheme"),
        ("soap.beep://192.0.2.103:3002", "soap.beep"), ("urn:service:sos", "urn"),
    ])
    func `is told by its scheme`(text: String, scheme: String) throws {
        let uri = try SIPRequestURI.parse(text)
        #expect(uri.scheme == scheme)
        #expect(try SIPRequestURI.parse(uri.description) == uri)
    }

    @Test(arguments: ["", ":", "a", "a:", "1a:b", "a b:c", "a:b c", "a:<b>", "a:\"", "a:é", "+a:b"])
    func `is refused where it is none`(text: String) {
        #expect(SIPRequestURI(text) == nil)
    }

    @Test func `can never end the line that it stands in`() {
        let uri = SIPRequestURI.other(scheme: "x\r\n", rest: "y\r\nz> ")
        #expect(uri.description == "x:y%0D%0Az%3E%20")
    }

    @Test func `is equivalent by the rules of its scheme`() throws {
        let one = try SIPRequestURI.parse("tel:+1-201-555-0123;ext=5;phone-context=A")
        let other = try SIPRequestURI.parse("TEL:+1(201)555.0123;phone-context=a;EXT=5")
        #expect(one.isEquivalent(to: other))
        #expect(try !one.isEquivalent(to: SIPRequestURI.parse("tel:+12015550124;ext=5")))
        #expect(try !one.isEquivalent(to: SIPRequestURI.parse("sip:+12015550123@h")))
    }
}
