import SIPGrammar
import Testing

@Suite("A SIP URI")
struct SIPURITests {
    /// RFC 3261 section 19.1.3, RFC 4475, RFC 5118, RFC 3859, RFC 3860, RFC 5627.
    @Test(arguments: [
        "sip:alice@atlanta.com",
        "sip:alice:secretword@atlanta.com;transport=tcp",
        "sips:alice@atlanta.com?subject=project%20x&priority=urgent",
        "sip:+1-212-555-1212:1234@gateway.com;user=phone",
        "sips:1212@gateway.com",
        "sip:alice@192.0.2.4",
        "sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com",
        "sip:alice;day=tuesday@atlanta.com",
        "sip:user;par=u%40example.net@example.com",
        "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@example.com",
        "sip:%00%00@host5.example.com",
        "sip:[2001:db8::10]:5070;transport=tls;lr",
        "sip:user@[::ffff:192.0.2.2]",
        "sip:user@host:0",
        "sip:*21#@pbx_1.example",
        "sip:a:@host",
        "im:juliet@example.com",
        "pres:juliet@example.com?subject=hi",
        "sip:juliet@example.com;gr=urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
        "sip:4f3a2b1c:5060",
        "sip:user@xn--bcher-kva.example.",
    ])
    func `prints as it was read`(text: String) throws {
        let uri = try SIPURI.parse(text)
        #expect(uri.description == text)
        #expect(SIPURI(uri.description) == uri)
    }

    @Test func `falls into its parts`() throws {
        let uri = try SIPURI.parse("SIPS:al%69ce:pass@Atlanta.COM:5081;Transport=TCP;lr;x=a%20b?a=b&c=d")
        #expect(uri.scheme == .sips)
        #expect(uri.isSecure)
        #expect(uri.user == "al%69ce")
        #expect(uri.decodedUser == Array("alice".utf8))
        #expect(uri.password == "pass")
        #expect(uri.host == .name("atlanta.com"))
        #expect(uri.port == 5081)
        #expect(uri.transport == "tcp")
        #expect(uri.isLooseRouter)
        #expect(uri.parameters.value("X") == "a%20b")
        #expect(uri.parameters.contains("LR") && uri.parameters.value("lr") == nil)
        #expect(uri.headers == "a=b&c=d")
    }

    @Test func `is unescaped once and never again`() {
        #expect(
            SIPURI("sip:sips%3Auser%40example.com@example.net")?.decodedUser
                == Array("sips:user@example.com".utf8)
        )
        #expect(SIPURI("sip:%2541@h")?.decodedUser == Array("%41".utf8))
        #expect(SIPURI("sip:h")?.decodedUser == nil)
    }

    @Test(arguments: [
        "", "sip", "sip:", "sip:@host", "sip:a@", "sip:a@b@c", "sip:a b@c", "sip:a@b c", "sip:a@b:",
        "sip:a@b:x",
        "sip:a@b:65536", "sip:a@b:99999999999999999999", "sip:a@b;", "sip:a@b;=x", "sip:a@b;x=", "sip:a@b?",
        "sip:a%@b",
        "sip:a%4@b", "sip:%zz@b", "sip:a@b;x=%", "sip:a@b?%4", "sip:<a@b>", "sip:a@[::1", "sip:a@::1",
        "sip:2001:db8::10",
        "sip:a@[1.2.3.4]", "sip:a@1.2.3", "sip:a@1.2.3.256", "sip:a@b..c", "sip:a@.b", "sip:a@b;x=\"y\"",
        "sip:é@b",
        "sip:a@é", "sip:a\r\n@b", "sip:a@b\0", "http://a@b", "tel:+1", " sip:a@b", "sip:a@b ",
    ])
    func `is refused where it is not well-formed`(text: String) {
        let error = #expect(throws: SIPSyntaxError.self) { try SIPURI.parse(text) }
        #expect(error?.reason == .uri)
        #expect(SIPURI(text) == nil)
    }

    @Test func `prints what its parts may not hold escaped`() {
        var uri = SIPURI(user: "a b@c\r\n", host: .name("exa\r\nmple.com>"))
        uri.parameters.set("gr", "x;y\"ü")
        uri.parameters.set("lr")
        uri.headers = "a=<b>"
        #expect(uri.description == "sip:a%20b%40c%0D%0A@example.com;gr=x%3By%22%C3%BC;lr?a=%3Cb%3E")
        #expect(SIPURI(uri.description)?.description == uri.description)
    }

    @Test func `has no user part where that is empty`() {
        #expect(SIPURI(user: "", password: "x", host: .name("h")).description == "sip:h")
    }
}
