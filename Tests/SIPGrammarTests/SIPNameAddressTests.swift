import SIPGrammar
import Testing

@Suite("An address")
struct SIPNameAddressTests {
    @Test(
        arguments: [
            ("sip:a@b", nil, "<sip:a@b>"),
            ("<sip:a@b>", nil, "<sip:a@b>"),
            ("Bob <sip:a@b>", "Bob", "\"Bob\" <sip:a@b>"),
            ("caller<sip:a@b>;tag=1", "caller", "\"caller\" <sip:a@b>;tag=1"),
            ("A. G. Bell <sip:a@b>", "A. G. Bell", "\"A. G. Bell\" <sip:a@b>"),
            ("Grün (x) <sip:a@b>", "Grün (x)", "\"Grün (x)\" <sip:a@b>"),
            (
                "\"J Rosenberg \\\\\\\"\"       <sip:a@b>  ;  tag = 98asjd8", "J Rosenberg \\\"",
                "\"J Rosenberg \\\\\\\"\" <sip:a@b>;tag=98asjd8"
            ),
            ("\"\" <sip:a@b>", nil, "<sip:a@b>"),
            ("\"Bell, Alexander\"<sip:a@b>", "Bell, Alexander", "\"Bell, Alexander\" <sip:a@b>"),
            ("\"<sip:x@y>\" <sip:a@b>", "<sip:x@y>", "\"<sip:x@y>\" <sip:a@b>"),
            ("\"%Z%45\" <sip:a@b>", "%Z%45", "\"%Z%45\" <sip:a@b>"),
            (
                "\"NUL:\\\0 DEL:\\\u{7F}\" <sip:a@b>", "NUL:\0 DEL:\u{7F}",
                "\"NUL:\\\0 DEL:\\\u{7F}\" <sip:a@b>"
            ),
            ("<http://www.example.com?a=b,c>;tag=3", nil, "<http://www.example.com?a=b,c>;tag=3"),
            ("isbn:2983792873", nil, "<isbn:2983792873>"),
            (
                "<tel:+1-201>;+sip.instance=\"<urn:uuid:1>\";q=0.7", nil,
                "<tel:+1-201>;+sip.instance=\"<urn:uuid:1>\";q=0.7"
            ),
        ] as [(String, String?, String)]
    )
    func `may be spelt in many ways and is printed in one`(
        text: String,
        name: String?,
        printed: String
    ) throws {
        let address = try #require(SIPNameAddress(text))
        #expect(address.displayName == name)
        #expect(address.description == printed)
        #expect(SIPNameAddress(printed) == address)
    }

    @Test func `without brackets leaves parameters to the header field`() throws {
        let outside = try #require(SIPNameAddress("sip:+19725552222@gw1.example.net;unknownparam"))
        #expect(outside.parameters.contains("unknownparam"))
        #expect(outside.uri.sip?.parameters.isEmpty == true)
        let inside = try #require(SIPNameAddress("<sip:+19725552222@gw1.example.net;unknownparam>"))
        #expect(inside.parameters.isEmpty)
        #expect(inside.uri.sip?.parameters.contains("unknownparam") == true)
    }

    @Test func `gets, changes and loses a tag`() throws {
        var address = try #require(SIPNameAddress("sip:a@b"))
        #expect(address.tag == nil)
        address.tag = "x"
        #expect(address.description == "<sip:a@b>;tag=x")
        address.tag = "y"
        #expect(address.tag == "y")
        address.tag = nil
        #expect(address.description == "<sip:a@b>")
    }

    @Test func `quotes a parameter that could not stand bare`() {
        var address = SIPNameAddress(displayName: "x\"\\\r\ny", SIPURI(host: .name("h")))
        address.parameters.set("a b", "c;d\r\n")
        address.parameters.set("e", text: "f g")
        address.parameters.set("i", text: "j")
        #expect(address.description == "\"x\\\"\\\\  y\" <sip:h>;a-b=\"c;d  \";e=\"f g\";i=j")
        #expect(SIPNameAddress(address.description)?.parameters.text("e") == "f g")
    }

    @Test func `stands with others in one line or in several`() throws {
        let headers: SIPHeaders = [
            .contact: "\"A, B\" <sip:a@b>;q=0.7;expires=60, sip:c@d;x , <sip:e@f>", "m": "*",
            "M": "<sip:g@h>",
        ]
        var usual = headers
        usual.removeAll(.contact)
        usual.append(.contact, headers.all(.contact)[0])
        usual.append(.contact, "<sip:g@h>")
        #expect(try usual.contacts().map(\.uri.description) == ["sip:a@b", "sip:c@d", "sip:e@f", "sip:g@h"])
        #expect(throws: SIPSyntaxError.self) { try headers.contacts() }
        #expect(try ([.contact: "*"] as SIPHeaders).contacts().isEmpty)
        #expect(([.contact: "*"] as SIPHeaders).hasWildcardContact)
        #expect(try SIPHeaders().contacts().isEmpty)
    }

    @Test func `is asserted once or twice`() throws {
        let headers: SIPHeaders = [
            .pAssertedIdentity: "\"Cullen\" <sip:fluffy@cisco.example>, tel:+14085264000"
        ]
        #expect(try headers.assertedIdentities().map(\.uri.scheme) == ["sip", "tel"])
    }

    @Test(arguments: [
        "", "<>", "<sip:a@b", "sip:a@b>", "\"a <sip:a@b>", "Bell, Alexander <sip:a@b>", "a;b <sip:a@b>",
        "\"a\" < sip:a@b >", "<sip:a@b>;", "<sip:a@b>;;", "<sip:a@b>;tag=", "<sip:a@b>;tag=\u{E9}",
        "<sip:a@b> x",
        "sip:user@example.com?Route=%3Csip:sip.example.com%3E", "\"a\" \"b\" <sip:a@b>", "\"a\" sip:a@b",
        "<<sip:a@b>>",
        "alan@jasomi.com", "a\\b <sip:a@b>", "<sip:a@b>;x=\"y",
    ])
    func `is refused where it is not well-formed`(text: String) {
        #expect(SIPNameAddress(text) == nil)
        let headers: SIPHeaders = [.from: text]
        let error = #expect(throws: SIPSyntaxError.self) { try headers.from() }
        #expect(error?.header == .from)
    }
}
