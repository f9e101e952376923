import SIPGrammar
import Testing

@Suite("A message")
struct SIPMessageTests {
    private func octets(_ lines: String..., body: String = "") -> [UInt8] {
        Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
    }

    private func fault(_ octets: [UInt8], limits: SIPLimits = .standard) -> SIPSyntaxError? {
        #expect(throws: SIPSyntaxError.self) { try SIPMessage.parse(octets, limits: limits) }
    }

    @Test func `is a request`() throws {
        let message = try SIPMessage.parse(
            octets("MESSAGE sip:b@c SIP/2.0", "v: SIP/2.0/UDP h", "Content-Length: 2", "X-y: z", body: "hi!")
        )
        guard case .request(let request) = message else { return #expect(Bool(false)) }
        #expect(request.method == .message)
        #expect(request.uri.description == "sip:b@c")
        #expect(request.headers == [.via: "SIP/2.0/UDP h", "x-Y": "z"])
        #expect(request.body == Array("hi".utf8))
        #expect(
            request.octets
                == octets(
                    "MESSAGE sip:b@c SIP/2.0",
                    "Via: SIP/2.0/UDP h",
                    "X-y: z",
                    "Content-Length: 2",
                    body: "hi"
                )
        )
    }

    @Test(arguments: [
        ("SIP/2.0 200 OK", 200, "OK"), ("SIP/2.0 100 ", 100, ""), ("SIP/2.0 100", 100, ""),
        ("sip/2.0 699 Ünsinn  x", 699, "Ünsinn  x"),
    ])
    func `is a response`(line: String, status: Int, reason: String) throws {
        guard case .response(let response) = try SIPMessage.parse(octets(line, "Call-ID: x")) else {
            return #expect(Bool(false))
        }
        #expect(response.status == status)
        #expect(response.reason == reason)
        #expect(try SIPMessage.parse(response.octets) == .response(response))
    }

    @Test(arguments: [
        "INVITE sip:a@b", "INVITE  sip:a@b SIP/2.0", "INVITE sip:a@b  SIP/2.0", "INVITE sip:a@b SIP/2.0 x",
        "INVITE",
        " INVITE sip:a@b SIP/2.0", "INV@ITE sip:a@b SIP/2.0", "INVITE sip:a@b HTTP/1.1",
        "INVITE sip:a@b SIP/2",
        "SIP/2.0 99 x", "SIP/2.0 700 x", "SIP/2.0 4294967301 x", "SIP/2.0 2x0 x", "SIP/2.0  200 x",
        "SIP/2.0 20", "SIP/2.0",
        "SIP/2.0 200OK", "GET / HTTP/1.1",
    ])
    func `is refused for its first line`(line: String) {
        let error = fault(octets(line, "Via: SIP/2.0/UDP h"))
        #expect(error?.reason == .startLine)
        #expect(error?.status == 400)
    }

    @Test(arguments: [
        "INVITE <sip:a@b> SIP/2.0", "INVITE sip:a@b;x=y? SIP/2.0", "INVITE sip:a@b?Route=x SIP/2.0",
        "INVITE * SIP/2.0",
        "INVITE sip:a@ SIP/2.0",
    ])
    func `is refused for its Request-URI`(line: String) {
        #expect(fault(octets(line, "Via: SIP/2.0/UDP h"))?.phrase == "Bad Request-URI")
    }

    @Test(arguments: ["OPTIONS sip:a@b SIP/7.0", "OPTIONS sip:a@b SIP/2.1", "SIP/3.0 200 OK"])
    func `is refused for its version`(line: String) {
        let error = fault(octets(line))
        #expect(error?.reason == .version)
        #expect(error?.status == 505)
        #expect(error?.phrase == "Version Not Supported")
    }

    @Test func `may be folded`() throws {
        let message = try SIPMessage.parse(
            octets(
                "OPTIONS sip:a SIP/2.0",
                "Subject : a \t",
                "\t b",
                "   c",
                "s:",
                "  d  ",
                "Empty:",
                "  ",
                "X: \"a",
                " b\""
            )
        )
        #expect(message.headers == [.subject: "a b c", .subject: "d", "Empty": "", "X": "\"a b\""])
    }

    @Test(arguments: [
        ("No colon", SIPSyntaxError.Reason.field), (": x", .field), ("A b: x", .field), ("A\u{0}: x", .field),
        ("A: \u{0}", .control), ("A: \u{7F}", .control), ("A: x\ny", .control), ("A: x\ry", .control),
        ("A: \"\\\u{0}\" \u{1}", .control), ("A: \\\u{1}", .control), (" folded: x", .field),
    ])
    func `is refused for a line`(line: String, reason: SIPSyntaxError.Reason) {
        let error = fault(octets("OPTIONS sip:a SIP/2.0", line, "To: x"))
        #expect(error?.reason == reason)
        #expect(error?.header == (reason == .control ? "A" : nil))
    }

    @Test func `may have control characters behind a backslash in quotes`() throws {
        let message = try SIPMessage.parse(
            octets("OPTIONS sip:a SIP/2.0", "A: \"x\\\u{0}\\\u{7}", " \\\u{7F}\"")
        )
        #expect(message.headers["A"] == "\"x\\\u{0}\\\u{7} \\\u{7F}\"")
        #expect(try SIPMessage.parse(message.octets) == message)
    }

    @Test func `has its text repaired where it is not UTF-8`() throws {
        var raw = octets("OPTIONS sip:a SIP/2.0", "From: \"Gr?n\" <sip:a@b>;tag=1", "Call-ID: ?")
        for index in raw.indices where raw[index] == UInt8(ascii: "?") { raw[index] = 0xFC }
        let headers = try SIPMessage.parse(raw).headers
        #expect(try headers.from().displayName == "Gr\u{FFFD}n")
        #expect(throws: SIPSyntaxError.self) { try headers.callID() }
    }

    @Test func `ends where Content-Length says, or with the datagram`() throws {
        #expect(try SIPMessage.parse(octets("A sip:a SIP/2.0", "l: 1", body: "xyz")).body == [0x78])
        #expect(try SIPMessage.parse(octets("A sip:a SIP/2.0", body: "xyz")).body == Array("xyz".utf8))
        #expect(
            try SIPMessage.parse(octets("A sip:a SIP/2.0", "l: 1", "Content-Length: 01", body: "x")).body == [
                0x78
            ]
        )
    }

    @Test(arguments: [
        (["l: 4"], SIPSyntaxError.Reason.truncated), (["l: 2", "l: 1"], .duplicate), (["l: -1"], .value),
        (["l:"], .value),
        (["l: 1, 1"], .value), (["l: 0x1"], .value), (["l: 99999999999999999999999"], .value),
        (["l: 4294967297"], .value),
    ])
    func `is refused for its Content-Length`(fields: [String], reason: SIPSyntaxError.Reason) {
        let lines = ["A sip:a SIP/2.0"] + fields
        let error = fault(Array((lines.joined(separator: "\r\n") + "\r\n\r\nxyz").utf8))
        #expect(error?.reason == reason)
        #expect(error?.header == .contentLength)
        #expect(error?.phrase.contains("Content-Length") == true)
    }

    @Test func `is refused where it is cut`() throws {
        let whole = octets("A sip:a SIP/2.0", "Via: SIP/2.0/UDP h", "l: 3", body: "xyz")
        for count in 1..<whole.count where count != 2 {
            #expect(fault(Array(whole[..<count]))?.reason == .truncated)
        }
        #expect(fault([])?.reason == .empty)
        #expect(fault(Array("\r\n\r\n".utf8))?.reason == .empty)
        #expect(try SIPMessage.parse(Array("\r\n\r\n".utf8) + whole).body.count == 3)
    }

    @Test func `keeps within its limits`() throws {
        let message = octets("A sip:a SIP/2.0", "A: 1", "B: 2", "C: 1234567890")
        #expect(fault(message, limits: SIPLimits(message: message.count - 1))?.status == 513)
        #expect(fault(message, limits: SIPLimits(fields: 2))?.reason == .tooLarge)
        #expect(fault(message, limits: SIPLimits(line: 14))?.reason == .tooLarge)
        let tight = SIPLimits(message: message.count, fields: 3, line: 15)
        #expect(try SIPMessage.parse(message, limits: tight).headers.fields.count == 3)
    }

    @Test func `prints nothing that would end a line`() throws {
        let response = SIPResponse(200, reason: "a\r\nEvil: b\0", headers: [.subject: "c\r\nEvil: d"])
        let headers = try SIPMessage.parse(response.octets).headers
        #expect(headers.fields.map(\.name) == [.subject])
    }

    @Test func `says its body's length whatever its header fields say`() throws {
        let request = SIPRequest(
            .message,
            SIPURI(host: .name("h")),
            headers: [.contentLength: "7"],
            body: [1, 2]
        )
        #expect(try SIPMessage.parse(request.octets).body == [1, 2])
    }

    @Test func `leaves out the headers of its Request-URI`() throws {
        let request = SIPRequest(.message, try #require(SIPURI("sip:a@b?Route=x")))
        #expect(String(decoding: request.octets, as: UTF8.self).hasPrefix("MESSAGE sip:a@b SIP/2.0\r\n"))
    }
}
