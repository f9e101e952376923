import Payloads
import Testing

@Suite("CPIM messages")
struct CPIMMessageTests {
    private func read(_ text: String) throws -> CPIMMessage {
        try CPIMMessage(parsing: Array(text.utf8))
    }

    /// RFC 3862 section 5.1, with the RFC's "m:", "h:", "e:" marks taken off.
    @Test func `the example of RFC 3862 is read`() throws {
        let message = try read(
            """
            From: MR SANDERS <im:piglet@100akerwood.com>\r
            To: Depressed Donkey <im:eeyore@100akerwood.com>\r
            DateTime: 2000-12-13T13:40:00-08:00\r
            Subject: the weather will be fine today\r
            Subject:;lang=fr beau temps prevu pour aujourd'hui\r
            NS: MyFeatures <mid:MessageFeatures@id.foo.com>\r
            Require: MyFeatures.VitalMessageOption\r
            MyFeatures.VitalMessageOption: Confirmation-requested\r
            MyFeatures.WackyMessageOption: Use-silly-font\r
            \r
            Content-type: text/xml; charset=utf-8\r
            Content-ID: <1234567890@foo.com>\r
            \r
            <body>\r
            Here is the text of my message.\r
            </body>
            """
        )
        #expect(message.from == CPIMAddress(displayName: "MR SANDERS", uri: "im:piglet@100akerwood.com"))
        #expect(
            message.to == [CPIMAddress(displayName: "Depressed Donkey", uri: "im:eeyore@100akerwood.com")]
        )
        #expect(message.dateTime == XMPPDateTime.parse("2000-12-13T21:40:00Z"))
        #expect(message[CPIMName("Subject")] == "the weather will be fine today")
        #expect(message.headers[1].language == "fr")
        #expect(message.headers[1].value == "beau temps prevu pour aujourd'hui")
        let vital = CPIMName("VitalMessageOption", namespace: "mid:MessageFeatures@id.foo.com")
        #expect(message.required == [vital])
        #expect(message[vital] == "Confirmation-requested")
        #expect(message.unmetRequirements() == [vital])
        #expect(message.unmetRequirements(knowing: [vital]).isEmpty)
        #expect(message.content.mediaType.essence == "text/xml")
        #expect(message.content.headers["content-id"] == "<1234567890@foo.com>")
        #expect(message.content.text == "<body>\r\nHere is the text of my message.\r\n</body>")
    }

    @Test func `it is written as RFC 3862 wants it`() throws {
        var message = CPIMMessage(
            from: CPIMAddress(displayName: #"Juliet "J" \ Capulet"#, uri: "sip:juliet@example.com"),
            to: [CPIMAddress(uri: "sip:romeo@example.net")],
            dateTime: 1_226_657_700_000,
            headers: [
                CPIMHeader(CPIMName("Subject"), language: "en", "two\nlines\u{7}"),
                CPIMHeader(CPIMName("Message-ID", namespace: CPIMName.imdn), "34jk324j"),
                CPIMHeader(
                    CPIMName("Disposition-Notification", namespace: CPIMName.imdn),
                    "positive-delivery"
                ),
                CPIMHeader(CPIMName("x", namespace: "urn:example:x"), "y"),
            ],
            content: MIMEEntity(
                MediaType("text", "plain", parameters: [MIMEParameter("charset", "utf-8")]),
                octets: Array("Wherefore art thou?".utf8)
            )
        )
        let expected = [
            #"From: "Juliet \"J\" \\ Capulet" <sip:juliet@example.com>"#,
            "To: <sip:romeo@example.net>",
            "DateTime: 2008-11-14T10:15:00Z",
            #"Subject:;lang=en two\nlines\u0007"#,
            "NS: imdn <urn:ietf:params:imdn>",
            "imdn.Message-ID: 34jk324j",
            "imdn.Disposition-Notification: positive-delivery",
            "NS: ns2 <urn:example:x>",
            "ns2.x: y",
            "",
            "Content-Type: text/plain; charset=utf-8",
            "",
            "Wherefore art thou?",
        ]
        #expect(String(decoding: message.octets, as: UTF8.self) == expected.joined(separator: "\r\n"))
        let read = try CPIMMessage(parsing: message.octets)
        message.content.headers = read.content.headers
        #expect(read == message)
    }

    @Test func `what a header may not hold does not get out of its line`() throws {
        let message = CPIMMessage(
            from: CPIMAddress(displayName: "a\r\nTo: <sip:x>", uri: "sip:a>\r\nb"),
            to: [],
            dateTime: 0,
            headers: [
                CPIMHeader(CPIMName("X"), language: "en\r\n", "v\r\n\r\nContent-Type: x/y"),
                CPIMHeader(CPIMName("X: y\r\nZ"), "v"),
                CPIMHeader(CPIMName("To"), "<sip:x>"),
                CPIMHeader(CPIMName("Content-Type"), "x/y"),
            ],
            content: MIMEEntity(.plainText, octets: [])
        )
        let read = try CPIMMessage(parsing: message.octets)
        #expect(read.to.isEmpty)
        #expect(read.from?.displayName == "a\r\nTo: <sip:x>")
        #expect(read.content.mediaType == .plainText)
        #expect(read.headers == [CPIMHeader(CPIMName("X"), language: "en", "v\r\n\r\nContent-Type: x/y")])
    }

    /// RFC 7701 and RFC 7702 leave out the empty line (MAPPING ERR-9).
    @Test func `a content header ends the CPIM headers`() throws {
        let message = try read(
            """
            To: <sip:verona@chat.example.org;gr=Romeo>\r
            From: <sip:juliet@example.com;gr=balcony>\r
            DateTime: 2008-10-15T15:02:31-03:00\r
            Content-Type: text/plain\r
            \r
            I'll send for you later.
            """
        )
        #expect(message.to.first?.uri == "sip:verona@chat.example.org;gr=Romeo")
        #expect(message.content.mediaType == .plainText)
        #expect(message.content.text == "I'll send for you later.")
    }

    @Test(arguments: [
        ("From:<sip:a@b>\n\nContent-type:text/html\n\nx", "sip:a@b", "text/html", "x"),
        ("From:    <sip:a@b>   \r\n\r\ncontent-type: text/plain\r\n\r\nx", "sip:a@b", "text/plain", "x"),
        ("From: sip:a@b\r\n\r\nContent-Type: text/plain\r\n\r\nx", "sip:a@b", "text/plain", "x"),
        (
            #"From: "<a>" <sip:a@b>"# + "\r\n\r\nContent-Type: text/plain\r\n\r\nx", "sip:a@b", "text/plain",
            "x"
        ),
        ("From: <sip:a@b>\r\n\r\n\r\nx", "sip:a@b", "text/plain", "x"),
        ("garbage\r\nFrom: <sip:a@b>\r\nFrom: <sip:c@d>\r\n\r\n\r\nx", "sip:a@b", "text/plain", "x"),
    ])
    func `it is read leniently`(_ text: String, _ uri: String, _ type: String, _ body: String) throws {
        let message = try read(text)
        #expect(message.from?.uri == uri)
        #expect(message.content.mediaType.essence == type)
        #expect(message.content.text == body)
    }

    @Test func `names have case, and imdn needs no declaration`() throws {
        let message = try read(
            "from: <sip:a@b>\r\nimdn.Message-ID: 1\r\nother.X: 2\r\n\r\nContent-Type: a/b\r\n\r\n"
        )
        #expect(message.from == nil)
        #expect(message[CPIMName("from")] == "<sip:a@b>")
        #expect(message[CPIMName("Message-ID", namespace: CPIMName.imdn)] == "1")
        #expect(message[CPIMName("X", namespace: "other")] == "2")
        #expect(message.dateTime == nil)
    }

    @Test func `the default namespace may change`() throws {
        let message = try read(
            "NS: <urn:x>\r\nSubject: not ours\r\nNS: a <urn:ietf:params:cpim-headers:>\r\na.Subject: ours\r\n\r\n\r\n"
        )
        #expect(message[CPIMName("Subject")] == "ours")
        #expect(message[CPIMName("Subject", namespace: "urn:x")] == "not ours")
    }

    @Test(arguments: [
        (#"a\nb\tc\\d\"e\'f"#, "a\nb\tc\\d\"e'f"),
        (#"\u00e9\u0041"#, "éA"),
        (#"\ud83d\ude00"#, "😀"),
        (#"\ud83dx"#, "\u{FFFD}x"),
        (#"\uzz"#, "uzz"),
        (#"\q\"#, "q"),
    ])
    func `escapes are undone`(_ value: String, _ text: String) throws {
        let message = try read("Subject: \(value)\r\n\r\n\r\n")
        #expect(message[CPIMName("Subject")] == text)
    }

    @Test func `an empty message is empty, not wrong`() throws {
        let message = try CPIMMessage(parsing: [])
        #expect(message.from == nil && message.to.isEmpty && message.headers.isEmpty)
        #expect(message.content.text == "")
    }
}
