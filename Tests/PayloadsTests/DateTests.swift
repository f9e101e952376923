import Payloads
import TestKit
import Testing

@Suite("Dates")
struct DateTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0 as Int64),
        ("1969-07-21T02:56:15Z", -14_159_025_000),
        ("2002-09-10T23:08:25Z", 1_031_699_305_000),
        ("2008-11-14T10:15:00.250Z", 1_226_657_700_250),
        ("0000-03-01T00:00:00Z", -62_162_035_200_000),
        ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
        ("2000-02-29T12:00:00Z", 951_825_600_000),
    ])
    func `a date of XMPP is read and printed`(_ text: String, _ milliseconds: Int64) {
        #expect(XMPPDateTime.parse(text) == milliseconds)
        #expect(XMPPDateTime.print(milliseconds) == text)
    }

    @Test(arguments: [
        ("1969-07-20T21:56:15-05:00", "1969-07-21T02:56:15Z"),
        ("2001-02-02t10:48:54+01:30", "2001-02-02T09:18:54Z"),
        ("2002-09-10T23:08:25.1234567Z", "2002-09-10T23:08:25.123Z"),
        ("2002-09-10T23:08:25.1z", "2002-09-10T23:08:25.100Z"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
        ("2002-09-10 23:08:25Z", "2002-09-10T23:08:25Z"),
    ])
    func `other spellings are understood`(_ text: String, _ printed: String) throws {
        let moment = try #require(XMPPDateTime.parse(text))
        #expect(XMPPDateTime.print(moment) == printed)
    }

    @Test(arguments: [
        "", "2002-09-10", "2002-09-10T23:08:25", "2002-13-10T23:08:25Z", "2001-02-29T00:00:00Z",
        "2002-09-10T24:00:00Z",
        "2002-09-10T23:60:25Z", "2002-09-10T23:08:25.Z", "2002-09-10T23:08:25Zx", "02-09-10T23:08:25Z",
        "2002-09-10T23:08:25+0100", "2002-00-10T23:08:25Z", "٢٠٠٢-09-10T23:08:25Z",
    ])
    func `what is no date is none`(_ text: String) {
        #expect(XMPPDateTime.parse(text) == nil)
    }

    @Test func `the date of RFC 3261 section 20_17 is read and printed`() {
        #expect(RFC1123Date.parse("Sat, 13 Nov 2010 23:29:00 GMT") == 1_289_690_940_000)
        #expect(RFC1123Date.print(1_289_690_940_999) == "Sat, 13 Nov 2010 23:29:00 GMT")
        #expect(RFC1123Date.print(0) == "Thu, 01 Jan 1970 00:00:00 GMT")
        #expect(RFC1123Date.print(-1000) == "Wed, 31 Dec 1969 23:59:59 GMT")
    }

    @Test(arguments: [
        "13 Nov 2010 23:29:00 GMT", "Sat,13 November 2010 23:29:00 UTC", "sat, 13 nov 2010 23:29:00",
        "Sunday, 13-Nov-2010 23:29:00 GMT", "Sat, 13 Nov 2010 18:29:00 -0500",
    ])
    func `SIP dates are read however they are written`(_ text: String) {
        #expect(RFC1123Date.parse(text) == 1_289_690_940_000)
    }

    @Test(arguments: [
        "", "Sat", "Sat, 13 Nov 2010", "Sat, 13 Nox 2010 23:29:00 GMT", "Sat, 32 Nov 2010 23:29:00 GMT",
        "Sat, 13 Nov 2010 23:29:00 PST", "Sat, 13 Nov 10 23:29:00 GMT", "Sat, 13 Nov 2010 23:29:00 GMT x",
    ])
    func `what is no SIP date is none`(_ text: String) {
        #expect(RFC1123Date.parse(text) == nil)
    }

    @Test func `every moment survives both ways`() {
        var random = SplitMix64(seed: 1123)
        for _ in 0..<5000 {
            let moment = Int64.random(in: -62_167_219_200_000...253_402_300_799_999, using: &random)
            #expect(XMPPDateTime.parse(XMPPDateTime.print(moment)) == moment)
            let seconds = moment - ((moment % 1000) + 1000) % 1000
            #expect(RFC1123Date.parse(RFC1123Date.print(moment)) == seconds)
        }
        for moment in [Int64.min, Int64.max] {
            #expect(XMPPDateTime.parse(XMPPDateTime.print(moment)) != nil)
        }
    }
}
