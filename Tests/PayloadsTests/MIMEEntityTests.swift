import Payloads
import Testing

@Suite("MIME entities")
struct MIMEEntityTests {
    static let mixed = MediaType("multipart", "mixed", parameters: [MIMEParameter("boundary", "b")])

    /// Reads a multipart/mixed body with the boundary `b`.
    private func parts(_ body: String, limits: MIMELimits = MIMELimits()) throws -> [MIMEEntity] {
        try MIMEEntity(parsing: Array(body.utf8), as: Self.mixed, limits: limits).parts
    }

    @Test func `the example of RFC 2046 section 5_1_1 has two parts`() throws {
        let text = """
            From: Nathaniel Borenstein <nsb@bellcore.com>\r
            MIME-Version: 1.0\r
            Content-type: multipart/mixed; boundary="simple boundary"\r
            \r
            This is the preamble.  It is to be ignored.\r
            \r
            --simple boundary\r
            \r
            This is implicitly typed plain US-ASCII text.\r
            It does NOT end with a linebreak.\r
            --simple boundary\r
            Content-type: text/plain; charset=us-ascii\r
            \r
            This is explicitly typed plain US-ASCII text.\r
            It DOES end with a linebreak.\r
            \r
            --simple boundary--\r
            \r
            This is the epilogue.  It is also to be ignored.\r

            """
        let entity = try MIMEEntity(parsing: Array(text.utf8))
        #expect(entity.headers["from"] == "Nathaniel Borenstein <nsb@bellcore.com>")
        #expect(entity.parts.map(\.mediaType.essence) == ["text/plain", "text/plain"])
        #expect(
            entity.parts.map(\.text) == [
                "This is implicitly typed plain US-ASCII text.\r\nIt does NOT end with a linebreak.",
                "This is explicitly typed plain US-ASCII text.\r\nIt DOES end with a linebreak.\r\n",
            ]
        )
        #expect(entity.text == nil)
    }

    @Test(arguments: [
        ("--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--", ["one", "two"]),
        ("--b\n\none\n--b\n\ntwo\n--b--\n", ["one", "two"]),
        ("--b \t\r\n\r\none\r\n--b-- ", ["one"]),
        ("--b\r\n\r\none", ["one"]),
        ("--b\r\n\r\none\r\n--bb\r\n--b--", ["one\r\n--bb"]),
        ("--b\r\n\r\none\r\n --b\r\n--b--", ["one\r\n --b"]),
        ("--b\r\n--b--", [""]),
        ("--b\r\n\r\n\r\n--b--", [""]),
        ("--b--", []),
        ("--b\r\nContent-Type: text/plain\r\n--b--", [""]),
    ])
    func `parts lie between delimiter lines`(_ body: String, _ texts: [String]) throws {
        #expect(try parts(body).map(\.text) == texts)
    }

    @Test func `multiparts lie within each other`() throws {
        let body = """
            --b\r
            Content-Type: multipart/alternative; boundary=c\r
            \r
            --c\r
            \r
            plain\r
            --c\r
            Content-Type: text/html\r
            \r
            <b>html</b>\r
            --c--\r
            --b\r
            Content-Disposition: attachment; handling=optional\r
            \r
            more\r
            --b--
            """
        let parts = try parts(body)
        #expect(parts.map(\.mediaType.essence) == ["multipart/alternative", "text/plain"])
        #expect(parts[0].parts.map(\.text) == ["plain", "<b>html</b>"])
        #expect(parts.map(\.isOptional) == [false, true])
    }

    @Test func `headers may be folded, oddly spaced and wrong`() throws {
        let text =
            "X-Zero :x\nX-One:  a\r\n\tb \r\nno header\r\n: empty\r\nContent-Type:text/html;\r\n charset=utf-8\r\n\r\nx"
        let entity = try MIMEEntity(parsing: Array(text.utf8))
        #expect(entity.headers["x-one"] == "a b")
        #expect(entity.mediaType.description == "text/html; charset=utf-8")
        #expect(entity.text == "x")
    }

    @Test(arguments: [
        ("base64", "SGFy a2!!\r\nxh", "Harkla"),
        ("BASE64", "SGFyaw==SGFyaw==", "Hark"),
        ("quoted-printable", "a=C3=A4b=\r\nc =\nd=20  \r\n=zz=", "aäbc d \r\n=zz"),
        ("quoted-printable", "x=3d1=\r\n", "x=1"),
        ("8bit", "ä=20", "ä=20"),
        ("binary", "x", "x"),
        ("7bit", "x", "x"),
    ])
    func `transfer encodings are undone`(_ name: String, _ body: String, _ text: String) throws {
        let headers = MIMEHeaders([MIMEHeaders.Field("Content-Transfer-Encoding", name)])
        let entity = try MIMEEntity(parsing: Array(body.utf8), as: .plainText, headers: headers)
        #expect(entity.text == text)
    }

    @Test func `an unknown transfer encoding makes content unreadable`() {
        let headers = MIMEHeaders([MIMEHeaders.Field("Content-Transfer-Encoding", "x-uuencode")])
        #expect(throws: MIMEError.unknownTransferEncoding) {
            try MIMEEntity(parsing: [0x20], as: .plainText, headers: headers)
        }
    }

    @Test func `depth and number of parts are limited`() throws {
        let many = String(repeating: "--b\r\n\r\nx\r\n", count: 65)
        #expect(throws: MIMEError.tooManyParts) { try parts(many) }
        #expect(try parts(many, limits: MIMELimits(parts: 65)).count == 65)
        var deep = ""
        for level in 0..<9 {
            deep += "--b\(level)\r\nContent-Type: multipart/mixed; boundary=b\(level + 1)\r\n\r\n"
        }
        let type = MediaType("multipart", "mixed", parameters: [MIMEParameter("boundary", "b0")])
        #expect(throws: MIMEError.tooDeep) { try MIMEEntity(parsing: Array(deep.utf8), as: type) }
    }

    @Test func `a multipart needs its boundary`() {
        #expect(throws: MIMEError.noBoundary) {
            try MIMEEntity(parsing: [], as: MediaType("multipart", "mixed"))
        }
        #expect(throws: MIMEError.noParts) { try parts("no delimiter\r\n") }
    }

    @Test func `what is written is read again`() throws {
        let alternatives = [
            MIMEEntity(.plainText, octets: Array("--part-0\r\n--b".utf8)),
            MIMEEntity(
                .html,
                headers: MIMEHeaders([MIMEHeaders.Field("Content-Language", "en\r\nX: y")]),
                octets: Array("<p>x</p>".utf8)
            ),
        ]
        let entity = MIMEEntity(multipart: "alternative", parts: alternatives)
        let read = try MIMEEntity(parsing: entity.octets)
        #expect(read.mediaType == entity.mediaType)
        #expect(read.parts.map(\.content) == alternatives.map(\.content))
        #expect(read.parts.map(\.mediaType) == [.plainText, .html])
        #expect(read.parts[1].headers["Content-Language"] == "en  X: y")
        #expect(read.parts[1].headers["X"] == nil)
        #expect(try MIMEEntity(parsing: entity.bodyOctets, as: entity.mediaType).parts == read.parts)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a body of nothing but delimiters or headers takes no time`() {
        let delimiters = String(repeating: "--b\n", count: 250_000)
        #expect(throws: MIMEError.tooManyParts) { try parts(delimiters) }
        let headers = String(repeating: "a:b\n c\n", count: 150_000)
        #expect((try? MIMEEntity(parsing: Array(headers.utf8)))?.headers.fields.count == 64)
        let nearly = String(repeating: "--", count: 500_000)
        #expect(throws: MIMEError.noParts) { try parts(nearly) }
    }
}
