import BusContract
import InstantMessaging
import SIPGrammar
import TestKit
import Testing
import TranslatorKit
import XMPPGrammar

/// What a MESSAGE's body shows: RFC 7572 section 7, MAPPING 4.5.
struct BodyTests {
    static let alternative = """
        --b\r
        Content-Type: text/plain\r
        \r
        Hark *now*\r
        --b\r
        Content-Type: text/html\r
        \r
        <p>Hark <b>now</b><script>x()</script></p>\r
        --b--\r

        """
    static let mixed = """
        --b\r
        Content-Type: text/plain\r
        \r
        Look:\r
        --b\r
        Content-Type: image/png; name="a\\"b.png"\r
        \r
        xxxx\r
        --b\r
        Content-Type: application/x-secret\r
        Content-Disposition: attachment; handling=optional\r
        \r
        xxxx\r
        --b\r
        Content-Type: text/plain; charset=iso-8859-1\r
        Content-Transfer-Encoding: quoted-printable\r
        \r
        =E9t=E9\r
        --b--\r

        """
    static let cpim = """
        From: <sip:romeo@example.net>\r
        To: <sip:juliet@example.com>\r
        DateTime: 2025-12-31T12:00:00Z\r
        Subject: Night\r
        \r
        Content-Type: text/plain; charset=utf-8\r
        \r
        Hark
        """

    @Test(
        arguments: [
            ("Hark", "text/plain", "Hark"),
            ("Hark", "Text/Plain;Charset=\"utf-8\"", "Hark"),
            ("Hark", nil, "Hark"),
            ("a\r\nb\rc\nd", "text/plain", "a\nb\nc\nd"),
            ("ding\u{7}\u{0}\u{FFFE} dong\t!", "text/plain", "ding\u{FFFD}\u{FFFD}\u{FFFD} dong\t!"),
            ("<p>a&amp;b</p><p>c</p>", "text/html", "a&b\nc"),
            (alternative, "multipart/alternative;boundary=b", "Hark *now*"),
            (mixed, "multipart/mixed; boundary=b", "Look:\n[image/png: a\"b.png]\nété"),
            (mixed, "multipart/related; boundary=b", "Look:\n[image/png: a\"b.png]\nété"),
            (cpim, "message/cpim", "Hark"),
            (
                "Content-Type: image/jpeg\r\n\r\n",
                "message/external-body; access-type=URL; URL=\"https://x.example/a.jpg\"",
                "https://x.example/a.jpg"
            ),
        ] as [(String, String?, String)]
    )
    func `each type that can be read is read`(body: String, type: String?, text: String) {
        var scene = Scene()
        #expect(scene.sip(.romeo(body, type: type)).stanzas.first?.text(of: "body") == text)
    }

    @Test(
        arguments: [
            ("iso-8859-1", [0x63, 0x61, 0x66, 0xE9], "café"), ("windows-1252", [0x80, 0x31], "€1"),
            ("us-ascii", [0x61], "a"), ("utf-16", [0xFF, 0xFE, 0x61, 0x00], "a"),
            ("utf-8", [0x61, 0xFF], "a\u{FFFD}"),
        ] as [(String, [UInt8], String)]
    )
    func `each charset that is known is decoded`(charset: String, octets: [UInt8], text: String) {
        var scene = Scene()
        let request = SIPRequest.romeo(octets: octets, type: "text/plain; charset=\(charset)")
        #expect(scene.sip(request).stanzas.first?.text(of: "body") == text)
    }

    @Test(arguments: [
        ("text/plain; charset=ebcdic", 415), ("application/sdp", 415), ("multipart/signed; boundary=b", 415),
        ("application/pkcs7-mime", 415), ("application/im-iscomposing+xml", 415), ("image/png", 415),
        ("nonsense", 400), ("multipart/mixed", 400), ("multipart/mixed; boundary=nowhere", 400),
        ("message/external-body; access-type=FTP", 415),
    ])
    func `what cannot be read is refused with what can be`(type: String, status: Int) {
        var scene = Scene()
        let answer = scene.sip(.romeo("--b\r\n\r\nx\r\n--b--", type: type)).first?.sipAnswer
        #expect(answer?.status == status)
        let accepted = answer?.headers[.accept] ?? ""
        #expect(accepted.contains("text/plain") == (status == 415))
        #expect(scene.isOver)
    }

    @Test func `a body without octets shows nothing, and neither does one that its sender calls optional`() {
        var scene = Scene()
        #expect(scene.sip(.romeo("")) == [.answer(scene.last, 200)])
        #expect(scene.sip(.romeo("", type: nil)) == [.answer(scene.last, 200)])
        #expect(scene.sip(.romeo("<p></p>", type: "text/html")) == [.answer(scene.last, 200)])
        let optional = SIPRequest.romeo(
            "x",
            type: "image/png",
            with: [.contentDisposition: "icon;handling=optional"]
        )
        #expect(scene.sip(optional) == [.answer(scene.last, 200)])
    }

    @Test func `HTML keeps what XHTML-IM has, beside a text of its own`() {
        var scene = Scene()
        let stanza = scene.sip(.romeo(Self.alternative, type: "multipart/alternative;boundary=b")).stanzas[0]
        let html = stanza.first("html", Namespace.xhtmlIM)
        let octets = html?.octets(defaultNamespace: Namespace.client) ?? []
        let markup = String(decoding: octets, as: UTF8.self)
        #expect(markup.contains("Hark"))
        #expect(!markup.contains("script"))
        #expect(html?.first("body", Namespace.xhtml) != nil)
    }

    @Test func `a CPIM wrapper tells the subject and the time`() {
        var scene = Scene()
        let stanza = scene.sip(.romeo(Self.cpim, type: "message/cpim")).stanzas[0]
        #expect(stanza.text(of: "subject") == "Night")
        #expect(stanza.first("delay", Namespace.delay)?["stamp"] == "2025-12-31T12:00:00Z")
        let strict = "Require: Secret\r\n" + Self.cpim
        #expect(scene.sip(.romeo(strict, type: "message/cpim")).statuses == [415])
    }

    @Test func `wrappers within wrappers have an end`() {
        var scene = Scene()
        let wrapper = "From: <sip:a@b>\r\n\r\nContent-Type: message/cpim\r\n\r\n"
        let body = String(repeating: wrapper, count: 20) + Self.cpim
        #expect(scene.sip(.romeo(body, type: "message/cpim")).statuses == [413])
    }

    @Test func `an address elsewhere goes along for clients that show it`() {
        var scene = Scene()
        let type = "message/external-body; access-type=URL; URL=\"https://x.example/a.jpg\""
        let stanza = scene.sip(.romeo("Content-Type: image/jpeg\r\n\r\n", type: type)).stanzas[0]
        #expect(stanza.first("x", Namespace.oob)?.first("url")?.text == "https://x.example/a.jpg")
    }

    @Test func `a coding that is known is undone and another refused`() {
        var scene = Scene()
        let raw: [UInt8] = [1, 4, 0, 0xFB, 0xFF] + Array("Hark".utf8)
        let inflated = scene.sip(.romeo(octets: raw, with: [.contentEncoding: "deflate"]))
        #expect(inflated.stanzas.first?.text(of: "body") == "Hark")
        let other = scene.sip(.romeo("Hark", with: [.contentEncoding: "br"])).first?.sipAnswer
        #expect(other?.status == 415)
        #expect(other?.headers[.acceptEncoding] == "gzip, deflate, identity")
        #expect(scene.sip(.romeo("Hark", with: [.contentEncoding: "gzip"])).statuses == [400])
        #expect(scene.sip(.romeo("Hark", with: [.contentEncoding: "identity"])).stanzas.count == 1)
    }
}
