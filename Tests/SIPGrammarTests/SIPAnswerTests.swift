import SIPGrammar
import Testing

@Suite("What answers a request")
struct SIPAnswerTests {
    private let lines = [
        "INVITE sip:b@c SIP/2.0", "Via: SIP/2.0/UDP a;branch=z9hG4bK1", "Via: SIP/2.0/UDP b",
        "From: <sip:a@b>;tag=1",
        "To: Bob <sip:b@c>", "Call-ID: x", "CSeq: 7 INVITE", "Timestamp: 54", "Max-Forwards: 70",
        "Subject: y",
    ]

    private func octets(replacing line: Int? = nil, by text: String? = nil) -> [UInt8] {
        var lines = lines
        if let line {
            if let text { lines[line] = text } else { lines.remove(at: line) }
        }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }

    private func request(replacing line: Int? = nil, by text: String? = nil) throws -> SIPRequest {
        guard case .request(let request) = try SIPMessage.parse(octets(replacing: line, by: text)) else {
            throw SIPSyntaxError(.startLine)
        }
        return request
    }

    @Test func `copies what RFC 3261 section 8.2.6.2 names`() throws {
        let response = try request().response(480, toTag: "t", headers: [.retryAfter: "5"])
        #expect(response.reason == "Temporarily Unavailable")
        #expect(
            response.headers == [
                .via: "SIP/2.0/UDP a;branch=z9hG4bK1", .via: "SIP/2.0/UDP b", .from: "<sip:a@b>;tag=1",
                .to: "\"Bob\" <sip:b@c>;tag=t", .callID: "x", .cSeq: "7 INVITE", .retryAfter: "5",
            ]
        )
        #expect(try request().response(100).headers[.timestamp] == "54")
        #expect(try request().response(100).headers[.to] == "Bob <sip:b@c>")
        let tagged = try request(replacing: 4, by: "t: <sip:b@c>;tag=old").response(200, toTag: "new")
        #expect(tagged.headers[.to] == "<sip:b@c>;tag=old")
    }

    @Test func `reads all that must be there at once`() throws {
        let mandatory = try request().mandatory()
        #expect(mandatory.via.branch == "z9hG4bK1")
        #expect(mandatory.from.tag == "1")
        #expect(mandatory.to.displayName == "Bob")
        #expect(mandatory.callID == "x")
        #expect(mandatory.cSeq == SIPCSeq(7, .invite))
        #expect(mandatory.maxForwards == 70)
        try request().validate()
    }

    @Test(
        arguments: [
            (3, nil, "Missing From Header"), (4, nil, "Missing To Header"),
            (5, nil, "Missing Call-ID Header"),
            (6, nil, "Missing CSeq Header"), (6, "CSeq: 7 BYE", "CSeq Does Not Match Method"),
            (9, "i: y", "Repeated Call-ID Header"), (3, "f: \"a <sip:a@b>", "Bad From Header"),
            (8, "Max-Forwards: many", "Bad Max-Forwards Header"), (1, "Via: x", "Bad Via Header"),
        ] as [(Int, String?, String)]
    )
    func `names the header field at fault`(line: Int, text: String?, phrase: String) throws {
        let broken = try request(replacing: line, by: text)
        let error = #expect(throws: SIPSyntaxError.self) { try broken.mandatory() }
        #expect(error?.phrase == phrase)
        #expect(error?.status == 400)
    }

    @Test(
        arguments: [
            (.contact, "\"Joe\" <sip:joe@example.org>;;;;"), (.route, "sip:a@b c"), (.contentType, "x"),
            (.accept, "a/b;"),
            (.event, ""), (.retryAfter, "x"), (.authorization, "Digest"), (.require, "\""), (.warning, "1"),
            (.rSeq, "-1"),
            (.replyTo, "<"),
        ] as [(SIPHeaderName, String)]
    )
    func `is found wanting wherever its form is known`(name: SIPHeaderName, value: String) throws {
        var broken = try request()
        broken.headers.append(name, value)
        let error = #expect(throws: SIPSyntaxError.self) { try broken.validate() }
        #expect(error?.header == name)
    }

    @Test func `is saved from a request that does not parse`() throws {
        let broken = octets(replacing: 9, by: "no header field at all")
        let error = #expect(throws: SIPSyntaxError.self) { try SIPMessage.parse(broken) }
        let salvage = try #require(SIPMessage.salvage(broken))
        #expect(salvage.method == .invite)
        #expect(salvage.via.host == .name("a"))
        let response = salvage.response(to: try #require(error), toTag: "t")
        #expect(response.status == 400)
        #expect(response.reason == "Bad Header Field")
        #expect(response.headers == (try request().response(400, toTag: "t").headers))
    }

    @Test(arguments: [
        (0, "INVITE sip:b@c ; x SIP/2.0"), (0, "INVITE sip:b@c SIP/7.0"), (9, "l: -1"), (9, "s: a\u{0}b"),
        (9, "s: a\nb"),
        (4, "To: \u{1}"), (0, "INVITE  <sip:b@c> sip/2.0"),
    ])
    func `is saved whatever line is broken`(line: Int, text: String) throws {
        let broken = octets(replacing: line, by: text)
        #expect(throws: SIPSyntaxError.self) { try SIPMessage.parse(broken) }
        #expect(SIPMessage.salvage(broken)?.headers[.callID] == "x")
    }

    @Test func `is saved where the header section does not end`() {
        let cut = Array(octets().dropLast(2))
        #expect(SIPMessage.salvage(cut)?.headers[.cSeq] == "7 INVITE")
    }

    @Test(arguments: [
        (0, "ACK sip:b@c SIP/2.0"), (0, "SIP/2.0 200 OK"), (0, "GET / HTTP/1.1"), (0, "\u{0}\u{1}"),
        (1, "Via: ;"),
        (6, "CSeq: 7 ACK"),
    ])
    func `is never given where none is possible or allowed`(line: Int, text: String) {
        #expect(SIPMessage.salvage(octets(replacing: line, by: text)) == nil)
    }

    @Test func `costs no more than a few looks at each octet`() {
        // Each line looks like a header field and none ends: quadratic, this would be some 10^10 steps.
        let lines = String(repeating: "A:\n", count: 200_000) + String(repeating: "A: \r", count: 200_000)
        let octets = Array("A sip:a SIP/2.0\r\n\(lines)".utf8)
        let limits = SIPLimits(message: .max, fields: .max, line: .max)
        #expect(SIPMessage.salvage(octets, limits: limits) == nil)
    }

    @Test func `is not to be had from noise`() {
        #expect(SIPMessage.salvage([]) == nil)
        #expect(SIPMessage.salvage(Array("\r\n\r\n".utf8)) == nil)
        #expect(SIPMessage.salvage(Array("INVITE sip:a SIP/2.0".utf8)) == nil)
        #expect(SIPMessage.salvage(Array("INVITE sip:a SIP/2.0\r\n\r\nVia: SIP/2.0/UDP a\r\n".utf8)) == nil)
    }

    @Test(arguments: [
        (200, "OK"), (202, "Accepted"), (489, "Bad Event"), (499, "Bad Request"),
        (199, "Early Dialog Terminated"), (42, "Trying"),
    ])
    func `has a phrase for every status`(status: Int, phrase: String) {
        #expect(SIPStatus.phrase(status) == phrase)
        #expect(SIPResponse(status).reason == phrase)
    }
}
