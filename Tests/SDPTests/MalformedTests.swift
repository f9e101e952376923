import SDP
import Testing

@Suite("A malformed description")
struct MalformedTests {
    private static let head = "v=0\no=- 1 1 IN IP4 192.0.2.1\ns=-\nt=0 0\n"

    @Test(arguments: [
        ("", SDPSyntaxError(.empty, line: 1)), ("\n\n", SDPSyntaxError(.empty, line: 1)),
        ("o=- 1 1 IN IP4 192.0.2.1", SDPSyntaxError(.version, line: 1)),
        ("v=1", SDPSyntaxError(.version, line: 1)), ("v=", SDPSyntaxError(.version, line: 1)),
        ("v=00000000000000000000000001", SDPSyntaxError(.version, line: 1)),
        ("v=0", SDPSyntaxError(.missingOrigin, line: 1)),
        ("v=0\ns=-\nt=0 0", SDPSyntaxError(.missingOrigin, line: 3)),
        ("\u{FEFF}v=0", SDPSyntaxError(.line, line: 1)),
    ])
    func `is refused before it begins`(text: String, error: SDPSyntaxError) {
        #expect(throws: error) { try SessionDescription.parse(Array(text.utf8)) }
    }

    @Test(
        arguments: [
            ("v=0", .misplaced, 6), ("s=-", .misplaced, 6), ("t=0 0", .misplaced, 6),
            ("r=1 1 0", .misplaced, 6),
            ("e=x", .misplaced, 6), ("v", .line, 6), ("=", .line, 6), ("a", .line, 6), ("a :x", .line, 6),
            (" a=x", .line, 6), ("\n\na=x", .line, 6), ("é=x", .line, 6), ("1=x", .line, 6),
            ("a=x\u{0}", .control, 6), ("a=x\ry", .control, 6), ("a=\r\r", .control, 6),
            ("i=1\ni=2", .duplicate, 7), ("k=x\nk=y", .duplicate, 7),
            ("c=IN IP4", .value, 6), ("c=IN IP4 ", .value, 6), ("c=IN IP4 ::1", .value, 6),
            ("c=IN IP6 192.0.2.1", .value, 6), ("c=IN IP5 192.0.2.1", .value, 6),
            ("c=IN IP4 192.0.2", .value, 6),
            ("c=IN IP4 192.0.2.256", .value, 6), ("c=IN IP4 192.0.2.1/256", .value, 6),
            ("c=IN IP4 192.0.2.1/1/0", .value, 6), ("c=IN IP4 192.0.2.1/1/2/3", .value, 6),
            ("c=IN IP6 [2001:db8::1]", .value, 6), ("c=IN IP6 2001:db8::1::2", .value, 6),
            ("c=IN IP4 a..b", .value, 6), ("c=IN IP4 192.0.2.1 x", .value, 6),
            ("b=AS", .value, 6), ("b=AS:", .value, 6), ("b=AS:-1", .value, 6), ("b=:1", .value, 6),
            ("b=AS:18446744073709551616", .value, 6), ("b=AS:1 2", .value, 6),
            ("m=", .value, 6), ("m=audio", .value, 6), ("m=audio x RTP/AVP 0", .value, 6),
            ("m=audio 65536 RTP/AVP 0", .range, 6), ("m=audio -1 RTP/AVP 0", .value, 6),
            ("m=audio 99999999999999999999 RTP/AVP 0", .range, 6), ("m=audio 1/0 RTP/AVP 0", .range, 6),
            ("m=audio 1/x RTP/AVP 0", .range, 6), ("m=audio 1x RTP/AVP 0", .value, 6),
            ("m=audio 1", .value, 6),
            ("m=audio 1 RTP/AVP 128", .range, 6), ("m=audio 1 RTP/AVP x", .range, 6),
            ("m=a:b 1 x y", .value, 6),
            ("m=audio 1 RTP\\AVP 0", .value, 6),
        ] as [(String, SDPSyntaxError.Reason, Int)]
    )
    func `in a medium names the line at fault`(line: String, reason: SDPSyntaxError.Reason, number: Int) {
        let text = Self.head + "m=audio 1 RTP/AVP 0\n" + line + "\n"
        #expect(throws: SDPSyntaxError(reason, line: number)) {
            try SessionDescription.parse(Array(text.utf8))
        }
    }

    @Test(
        arguments: [
            ("o=- 1 1 IN IP4 192.0.2.1", .duplicate), ("s=-", .duplicate), ("v=0", .duplicate),
            ("u=x\nu=y", .duplicate), ("c=IN IP4 h\nc=IN IP4 h", .duplicate), ("i=x\ni=", .duplicate),
            ("t=", .value), ("t=1", .value), ("t=1 x", .value), ("t=0 18446744073709551616", .value),
            ("t=0 0 0", .value), ("r=", .value), ("r=0 1 1", .value), ("r=1 1", .value), ("r=7w 1 0", .value),
            ("r=9223372036854775807d 1 0", .value), ("r=1dd 1 0", .value), ("z=", .value), ("z=1", .value),
            ("z=1 -", .value), ("z=1 --1", .value), ("z=1 1 2", .value),
        ] as [(String, SDPSyntaxError.Reason)]
    )
    func `in the session names its reason`(lines: String, reason: SDPSyntaxError.Reason) throws {
        let error = #expect(throws: SDPSyntaxError.self) {
            try SessionDescription.parse(Array((Self.head + lines).utf8))
        }
        #expect(error?.reason == reason)
    }

    @Test(arguments: [
        "o=", "o=-", "o=- 1 1 IN IP4", "o=- x 1 IN IP4 h", "o=- 1 x IN IP4 h", "o=- -1 1 IN IP4 h",
    ])
    func `has an origin without its fields`(line: String) {
        #expect(throws: SDPSyntaxError(.value, line: 2)) {
            try SessionDescription.parse(Array("v=0\n\(line)".utf8))
        }
    }

    @Test func `r= and z= come to nothing without a time`() {
        for line in ["r=1 1 0", "z=1 1"] {
            #expect(throws: SDPSyntaxError(.misplaced, line: 3)) {
                try SessionDescription.parse(Array("v=0\no=- 1 1 IN IP4 h\n\(line)".utf8))
            }
        }
    }

    @Test func `is not read beyond the limits`() throws {
        let limits = SDPLimits(octets: 200, lines: 6, media: 1)
        let medium = "m=audio 1 RTP/AVP 0\n"
        let fits = Array((Self.head + medium + "a=x").utf8)
        _ = try SessionDescription.parse(fits, limits: limits)
        for (more, line) in [(medium + medium, 6), (medium + "a=x\na=y", 7)] {
            #expect(throws: SDPSyntaxError(.tooLarge, line: line)) {
                try SessionDescription.parse(Array((Self.head + more).utf8), limits: limits)
            }
        }
        #expect(throws: SDPSyntaxError(.tooLarge, line: 1)) {
            try SessionDescription.parse([UInt8](repeating: 10, count: 201), limits: limits)
        }
    }
}
