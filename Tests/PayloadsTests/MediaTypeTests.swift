import Payloads
import Testing

@Suite("Media types")
struct MediaTypeTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let text: String
        let essence: String
        let parameters: [MIMEParameter]
        var testDescription: String { text }
    }

    static let rows = [
        Row(text: "text/plain", essence: "text/plain", parameters: []),
        Row(
            text: "Text/HTML; Charset=UTF-8",
            essence: "text/html",
            parameters: [MIMEParameter("charset", "UTF-8")]
        ),
        Row(
            text: "text/plain; charset=us-ascii (Plain text)",
            essence: "text/plain",
            parameters: [MIMEParameter("charset", "us-ascii")]
        ),
        Row(
            text: #"multipart/mixed;boundary="gc0p4Jq0M2Yt08j34c0p ;x""#,
            essence: "multipart/mixed",
            parameters: [MIMEParameter("boundary", "gc0p4Jq0M2Yt08j34c0p ;x")]
        ),
        Row(text: #"a/b; c="\"\\""#, essence: "a/b", parameters: [MIMEParameter("c", #""\"#)]),
        Row(text: "a/b;;c = d ; e", essence: "a/b", parameters: [MIMEParameter("c", "d")]),
        Row(
            text: "a/b; url=http://x.example/",
            essence: "a/b",
            parameters: [MIMEParameter("url", "http://x.example/")]
        ),
        Row(
            text: "a/b; name*=utf-8''na%C3%AFve%20file",
            essence: "a/b",
            parameters: [MIMEParameter("name", "naïve file")]
        ),
        Row(text: #"a/b; c=(\"#, essence: "a/b", parameters: [MIMEParameter("c", "")]),
        Row(text: #"a/b; c="open"#, essence: "a/b", parameters: [MIMEParameter("c", "open")]),
    ]

    @Test(arguments: rows)
    func `a type is read with its parameters`(_ row: Row) throws {
        let type = try #require(MediaType(row.text))
        #expect(type.essence == row.essence)
        #expect(type.parameters == row.parameters)
        #expect(MediaType(type.description) == type)
    }

    @Test(arguments: ["", "text", "text/", "/plain", "te xt/plain", "\u{0}", "(text/plain)"])
    func `what has no type and subtype is none`(_ text: String) {
        #expect(MediaType(text) == nil)
    }

    @Test func `values are quoted where they must be`() {
        let type = MediaType(
            "a",
            "b",
            parameters: [MIMEParameter("c", "d e\"\r\nf"), MIMEParameter("g", "")]
        )
        #expect(type.description == #"a/b; c="d e\"  f"; g="""#)
    }

    @Test func `a disposition says whether a part is optional`() {
        let disposition = ContentDisposition(parsing: #"Attachment; filename="a b.txt"; handling=OPTIONAL"#)
        #expect(disposition.type == "attachment")
        #expect(disposition.filename == "a b.txt")
        #expect(disposition.isOptional)
        #expect(!ContentDisposition(parsing: "render").isOptional)
        #expect(!ContentDisposition(parsing: "session;handling=required").isOptional)
    }
}
