import Payloads
import Testing

@Suite("Charsets")
struct CharsetTests {
    @Test(arguments: [
        ("UTF-8", [0x66, 0xC3, 0xBC] as [UInt8], "fü"),
        ("utf8", [0xEF, 0xBB, 0xBF, 0x61], "a"),
        ("utf-8", [0x61, 0xC3, 0x28, 0xFF], "a\u{FFFD}(\u{FFFD}"),
        ("utf-8", [0xED, 0xA0, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}"),
        ("US-ASCII", [0x61, 0x62], "ab"),
        ("us-ascii", [0xC3, 0xBC], "ü"),
        ("ISO-8859-1", [0x66, 0xFC, 0xA4], "fü\u{A4}"),
        ("latin1", [0xE9], "é"),
        ("windows-1252", [0x80, 0x93, 0xFC, 0x94, 0x81], "€“ü”\u{FFFD}"),
        ("UTF-16BE", [0x00, 0x66, 0xD8, 0x3D, 0xDE, 0x00], "f😀"),
        ("utf-16le", [0x66, 0x00, 0x3D, 0xD8, 0x00, 0xDE], "f😀"),
        ("UTF-16", [0xFF, 0xFE, 0x66, 0x00], "f"),
        ("UTF-16", [0xFE, 0xFF, 0x00, 0x66], "f"),
        ("UTF-16", [0x00, 0x66], "f"),
        ("UTF-16", [0xD8, 0x3D, 0x00, 0x66], "\u{FFFD}f"),
        ("UTF-16", [0x00, 0x66, 0x00], "f\u{FFFD}"),
        ("UTF-16", [0x00], "\u{FFFD}"),
        ("UTF-16", [], ""),
    ])
    func `octets become text`(_ name: String, _ octets: [UInt8], _ text: String) throws {
        let decoded = try #require(Charset.decode(octets, as: name))
        #expect(Array(decoded.unicodeScalars) == Array(text.unicodeScalars))
    }

    @Test(arguments: ["", "utf-7", "koi8-r", "utf-32", "x-user-defined"])
    func `an unknown charset gives nothing`(_ name: String) {
        #expect(Charset.decode([0x61], as: name) == nil)
    }

    @Test func `the charset of a body counts, and is UTF-8 without one`() throws {
        let latin = MediaType("text", "plain", parameters: [MIMEParameter("charset", "ISO-8859-1")])
        #expect(try MIMEEntity(parsing: [0xFC], as: latin).text == "ü")
        #expect(try MIMEEntity(parsing: [0xC3, 0xBC], as: .plainText).text == "ü")
        let unknown = MediaType("text", "plain", parameters: [MIMEParameter("charset", "klingon")])
        #expect(try MIMEEntity(parsing: [0x61], as: unknown).text == nil)
    }
}
