import SIPGrammar
import Testing

@Suite("Header fields")
struct SIPHeadersTests {
    private let headers: SIPHeaders = [
        .via: "SIP/2.0/UDP a", "X-One": "1", .via: "SIP/2.0/UDP b", .from: "<sip:a@b>", "x-one": "2",
    ]

    @Test func `keep their order, unknown ones too`() {
        #expect(headers.fields.map(\.name.text) == ["Via", "X-One", "Via", "From", "x-one"])
        #expect(headers[.via] == "SIP/2.0/UDP a")
        #expect(headers.all("X-ONE") == ["1", "2"])
        #expect(headers.all(.contact).isEmpty)
        #expect(headers.contains(.from) && !headers.contains(.to))
    }

    @Test func `are replaced in the place of the first`() {
        var changed = headers
        changed["X-One"] = "3"
        #expect(changed.fields.map(\.value) == ["SIP/2.0/UDP a", "3", "SIP/2.0/UDP b", "<sip:a@b>"])
        changed[.subject] = "new"
        #expect(changed.fields.last?.name == .subject)
        changed[.via] = nil
        #expect(changed.fields.map(\.name.text) == ["X-One", "From", "Subject"])
    }

    @Test func `are added at either end and taken away`() {
        var changed = headers
        changed.prepend(.via, "SIP/2.0/UDP z")
        #expect(changed[.via] == "SIP/2.0/UDP z")
        #expect(changed.removeFirst(.via) == "SIP/2.0/UDP z")
        #expect(changed == headers)
        #expect(changed.removeFirst(.to) == nil)
        changed.removeAll("X-One")
        #expect(changed.fields.count == 3)
    }

    @Test(arguments: [
        (" \t x \r\n", "x"), ("a\r\nEvil: b", "a  Evil: b"), ("a\0b\u{7F}", "a b"), ("a\tb", "a\tb"),
        ("\"a\\\u{7}b\" c", "\"a\\\u{7}b\" c"), ("\"a\\\nb\"", "\"a\\ b\""), ("", ""), ("\\\0", "\\"),
    ])
    func `never have a value that ends its line`(value: String, kept: String) {
        #expect(SIPHeaderField(.subject, value).value == kept)
    }
}
