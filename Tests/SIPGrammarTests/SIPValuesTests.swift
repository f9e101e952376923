import SIPGrammar
import Testing

/// Header fields read as what they are, through the accessors of ``SIPHeaders``.
@Suite("The values of header fields")
struct SIPValuesTests {
    @Test func `CSeq has a number and a method`() throws {
        let headers: SIPHeaders = [.cSeq: "0009  INVITE"]
        #expect(try headers.cSeq() == SIPCSeq(9, .invite))
        #expect(try headers.cSeq().description == "9 INVITE")
    }

    @Test(arguments: [
        ("", SIPSyntaxError.Reason.value), ("1", .value), ("1INVITE", .value), ("INVITE", .value),
        ("-1 INVITE", .value),
        ("4294967296 INVITE", .range), ("36893488147419103232 REGISTER", .range), ("1 INVITE x", .value),
        ("1 IN@VITE", .value),
    ])
    func `CSeq is refused`(text: String, reason: SIPSyntaxError.Reason) {
        let headers: SIPHeaders = [.cSeq: text]
        let error = #expect(throws: SIPSyntaxError.self) { try headers.cSeq() }
        #expect(error?.reason == reason)
        #expect(error?.header == .cSeq)
        #expect(error?.phrase == "Bad CSeq Header")
    }

    @Test func `Call-ID is visible ASCII`() throws {
        let id = "intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{"
        #expect(try ([.callID: id] as SIPHeaders).callID() == id)
        for bad in ["", "a b", "grün", "a\u{FFFD}"] {
            #expect(throws: SIPSyntaxError.self) { try ([.callID: bad] as SIPHeaders).callID() }
        }
    }

    @Test func `what must be there is missed by name`() {
        let error = #expect(throws: SIPSyntaxError.self) { try SIPHeaders().from() }
        #expect(error == SIPSyntaxError(.missing, header: .from))
        #expect(error?.phrase == "Missing From Header")
        #expect(throws: SIPSyntaxError(.missing, header: .via)) { try SIPHeaders().topVia() }
    }

    @Test func `what must not come twice is refused by name`() {
        let headers: SIPHeaders = [
            .to: "<sip:a@b>", .to: "<sip:a@b>", .contentType: "a/b", .contentType: "a/b",
        ]
        #expect(throws: SIPSyntaxError(.duplicate, header: .to)) { try headers.to() }
        #expect(throws: SIPSyntaxError(.duplicate, header: .contentType)) { try headers.contentType() }
    }

    @Test(arguments: [("70", 70), ("0068", 68), ("300", 255), ("99999999999999999999999", 255)])
    func `Max-Forwards is at most 255`(text: String, value: Int) throws {
        #expect(try ([.maxForwards: text] as SIPHeaders).maxForwards() == value)
    }

    @Test func `Expires is at most what 32 bits hold`() throws {
        #expect(try ([.expires: "3600"] as SIPHeaders).expires() == 3600)
        #expect(try ([.expires: "1000000000000000000000"] as SIPHeaders).expires() == .max)
        #expect(try SIPHeaders().expires() == nil)
        #expect(throws: SIPSyntaxError.self) { try ([.expires: "soon"] as SIPHeaders).expires() }
    }

    @Test func `Content-Type is a type, a subtype and parameters`() throws {
        let headers: SIPHeaders = ["c": "Multipart / Mixed ; Boundary=\"a\\\"b c\";x=y"]
        let type = try #require(try headers.contentType())
        #expect(type.essence == "multipart/mixed")
        #expect(type.parameter("boundary") == "a\"b c")
        #expect(type.parameters.value("boundary") == "\"a\\\"b c\"")
        #expect(type.description == "multipart/mixed;Boundary=\"a\\\"b c\";x=y")
        #expect(SIPMediaType("text/plain;charset=UTF-8")?.parameter("CHARSET") == "UTF-8")
        #expect(SIPMediaType("*/*") == SIPMediaType("*", "*"))
        for bad in [
            "", "text", "text/", "/plain", "text/plain;", "text/plain x", "text/plain;charset=", "a/b;c=\"d",
        ] {
            #expect(SIPMediaType(bad) == nil)
        }
    }

    @Test func `Retry-After may say why and for how long`() throws {
        let headers: SIPHeaders = [.retryAfter: "18000 (I'm (really\\)) in a meeting);duration=3600"]
        let value = try #require(try headers.retryAfter())
        #expect(value.seconds == 18000)
        #expect(value.comment == "I'm (really)) in a meeting")
        #expect(value.parameters.value("duration") == "3600")
        #expect(try ([.retryAfter: value.description] as SIPHeaders).retryAfter() == value)
        #expect(throws: SIPSyntaxError.self) { try ([.retryAfter: "1 (a"] as SIPHeaders).retryAfter() }
    }

    @Test func `Warning has a code, an agent and a text`() throws {
        let headers: SIPHeaders = [
            .warning:
                "307 isi.edu \"Session parameter 'foo', not understood\", 301 [::1]:5060 \"a \\\"b\\\"\""
        ]
        let warnings = try headers.warnings()
        #expect(warnings.map(\.code) == [307, 301])
        #expect(warnings.map(\.agent) == ["isi.edu", "[::1]:5060"])
        #expect(warnings.map(\.text) == ["Session parameter 'foo', not understood", "a \"b\""])
        #expect(warnings[1].description == "301 [::1]:5060 \"a \\\"b\\\"\"")
        #expect(throws: SIPSyntaxError.self) {
            try ([.warning: "1812 overture \"x\""] as SIPHeaders).warnings()
        }
    }

    @Test func `values with parameters are told apart`() throws {
        let headers: SIPHeaders = [
            .reason: "SIP ;cause=200 ;text=\"Call completed, elsewhere\", Q.850;cause=16",
            .event: "presence;id=4", .alertInfo: "<http://example.com/a,b.wav>;appearance=1",
        ]
        let reasons = try headers.parameterizedList(.reason)
        #expect(reasons.map(\.text) == ["SIP", "Q.850"])
        #expect(reasons[0].parameters.text("text") == "Call completed, elsewhere")
        #expect(try headers.parameterized(.event)?.text == "presence")
        #expect(try headers.parameterized(.event)?.description == "presence;id=4")
        #expect(try headers.parameterizedList(.alertInfo).first?.text == "<http://example.com/a,b.wav>")
        #expect(try headers.parameterized(.contentDisposition) == nil)
    }

    @Test func `credentials have a scheme and parameters, or one word`() throws {
        let headers: SIPHeaders = [
            .authorization: "Digest username=\"bob\", realm=\"a, b\" , nonce=84a4, qop=auth",
            .authorization: "Basic QWxh==",
        ]
        let credentials = try headers.authorizations(.authorization)
        #expect(credentials.map(\.scheme) == ["Digest", "Basic"])
        #expect(credentials[0].parameters.text("realm") == "a, b")
        #expect(credentials[0].description == "Digest username=\"bob\", realm=\"a, b\", nonce=84a4, qop=auth")
        #expect(credentials[1].credentials == "QWxh==")
        #expect(credentials[1].description == "Basic QWxh==")
        for bad in ["", "Digest", "Digest a=\"", "Digest a=b,", "Digest a=b c=d"] {
            #expect(throws: SIPSyntaxError.self) {
                try ([.authorization: bad] as SIPHeaders).authorizations(.authorization)
            }
        }
    }

    @Test func `lists are told apart at commas that separate`() throws {
        let headers: SIPHeaders = [
            .supported: "replaces,timer ,, outbound", .supported: "", .accept: "a/b;c=\"d,e\", f/g",
            .contact: "\"A, B\" <sip:a,b@c>, <sip:d@e>", .server: "x (a, b) y, z",
        ]
        #expect(try headers.list(.supported) == ["replaces", "timer", "outbound"])
        #expect(try headers.list(.accept) == ["a/b;c=\"d,e\"", "f/g"])
        #expect(try headers.list(.contact) == ["\"A, B\" <sip:a,b@c>", "<sip:d@e>"])
        #expect(try headers.list(.server) == ["x (a, b) y", "z"])
        #expect(try headers.list(.require).isEmpty)
        for bad in ["a\"b", "<a", "(a", "\"a\\\""] {
            #expect(throws: SIPSyntaxError.self) { try ([.require: bad] as SIPHeaders).list(.require) }
        }
    }
}
