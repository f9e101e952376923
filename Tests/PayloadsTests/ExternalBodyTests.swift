import Payloads
import Testing

@Suite("External bodies")
struct ExternalBodyTests {
    private func body(_ type: String, _ content: String = "") throws -> ExternalBody? {
        let type = try #require(MediaType(type))
        return ExternalBody(try MIMEEntity(parsing: Array(content.utf8), as: type))
    }

    /// RFC 4483 section 5, with a date that exists.
    @Test func `the example of RFC 4483 gives its address`() throws {
        let type = """
            message/external-body; access-type="URL"; expiration="Mon, 24 June 2002 09:00:00 GMT"; \
            URL="http://www.example.com/the-indirect-content"; size=52723
            """
        let body = try body(type, "Content-Type: application/sdp\r\nContent-Disposition: session\r\n\r\n")
        #expect(
            body
                == ExternalBody(
                    url: "http://www.example.com/the-indirect-content",
                    size: 52_723,
                    expiration: XMPPDateTime.parse("2002-06-24T09:00:00Z"),
                    mediaType: MediaType("application", "sdp")
                )
        )
    }

    @Test func `white space in the address goes`() throws {
        let body = try body(#"message/external-body; access-type=url; url="https://a.example/ \#t b""#)
        #expect(body?.url == "https://a.example/b")
        #expect(body?.mediaType == nil)
    }

    @Test(arguments: [
        "message/external-body; access-type=ftp; url=\"http://a.example\"",
        "message/external-body; access-type=url",
        "message/external-body; access-type=url; url=\"file:///etc/passwd\"",
        "message/external-body; access-type=url; url=\"javascript:alert(1)\"",
        "text/plain; access-type=url; url=\"http://a.example\"",
    ])
    func `anything else has no address`(_ type: String) throws {
        #expect(try body(type) == nil)
    }
}
