import Octets
import Testing

@Suite("ASCII")
struct ASCIITests {
    @Test func `classes agree with the sets`() {
        for octet in UInt8.min...UInt8.max {
            #expect(ASCII.isDigit(octet) == OctetSet.digit.contains(octet))
            #expect(ASCII.isAlpha(octet) == OctetSet.alpha.contains(octet))
            #expect(ASCII.isControl(octet) == OctetSet.control.contains(octet))
            #expect((ASCII.hexadecimalValue(octet) != nil) == OctetSet.hexadecimal.contains(octet))
        }
    }

    @Test func `changes the case of ASCII letters alone`() {
        #expect(ASCII.lowercased("Straße ÄÖÜ [\\]^ X-Y") == "straße ÄÖÜ [\\]^ x-y")
        #expect(ASCII.uppercased("straße äöü {|}~ x-y") == "STRAßE äöü {|}~ X-Y")
    }

    @Test(arguments: [
        ("Via", "vIA", true), ("Via", "Vi", false), ("@", "`", false), ("[", "{", false), ("é", "É", false),
        ("", "", true),
    ])
    func `compares without regard to the case of ASCII letters`(left: String, right: String, equal: Bool) {
        #expect(ASCII.equalIgnoringCase(left, right) == equal)
    }

    @Test func `does not take for equal what is only canonically so`() {
        #expect("e\u{301}" == "\u{E9}")
        #expect(!ASCII.equalIgnoringCase("e\u{301}", "\u{E9}"))
    }

    @Test(
        arguments: [
            ("0", 0), ("0068", 68), ("18446744073709551615", UInt64.max), ("", nil),
            ("18446744073709551616", nil),
            ("99999999999999999999999999", nil), ("-1", nil), ("1 ", nil), ("1a", nil), ("+1", nil),
        ] as [(String, UInt64?)]
    )
    func `reads numbers without overflow`(text: String, value: UInt64?) {
        #expect(ASCII.decimal(text.utf8.span) == value)
    }

    @Test func `refuses a number beyond the limit`() {
        #expect(ASCII.decimal("65535".utf8.span, limit: 65_535) == 65_535)
        #expect(ASCII.decimal("65536".utf8.span, limit: 65_535) == nil)
    }
}
