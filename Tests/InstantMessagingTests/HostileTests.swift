import BusContract
import InstantMessaging
import SIPGrammar
import TestKit
import Testing
import TranslatorKit
import XMPPGrammar

/// Whatever a peer sends is answered, once, and makes nothing that XML or SIP could not carry.
struct HostileTests {
    private static let types = [
        "text/plain", "text/plain; charset=utf-16", "text/html", "multipart/mixed; boundary=b",
        "multipart/alternative; boundary=\"b\"", "message/cpim",
        "message/external-body; access-type=URL; URL=x",
        "multipart/mixed", ";;;", "text/plain; charset=\"", "a/b",
    ]
    private static let pieces = [
        "--b\r\n", "--b--", "\r\n\r\n", "Content-Type: text/html\r\n", "Content-Type: message/cpim\r\n",
        "<p>", "</p><b",
        "&#0;", "&amp", "\u{0}\u{7}\u{FFFF}", "]]>", "From: <a>\r\n", "\u{202E}", "é", "\r", "<![CDATA[", "🏳️‍🌈",
        "Content-Transfer-Encoding: base64\r\n", "Require: x\r\n",
    ]

    @Test(arguments: 0..<400 as Range<UInt64>)
    func `any body at all is answered or passed on clean`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var body: [UInt8] = []
        for _ in 0..<Int.random(in: 0...30, using: &random) {
            body += Array((Self.pieces.randomElement(using: &random) ?? "").utf8)
            if Bool.random(using: &random) { body.append(UInt8.random(in: 0...255, using: &random)) }
        }
        let codings = ["gzip", "deflate", "identity", "deflate, gzip", "br"]
        var more: SIPHeaders = [
            .subject: "a\u{0}\u{7F}b", .contentLanguage: "\u{0}", .date: "x", .expires: "-1",
        ]
        if Int.random(in: 0..<4, using: &random) == 0 {
            more[.contentEncoding] = codings.randomElement(using: &random)
        }
        var scene = Scene()
        let type = Self.types.randomElement(using: &random)
        let actions = scene.sip(.romeo(octets: body, type: type, with: more), name: "\u{0}<\u{7}>")
        #expect(actions.count == 1, "seed \(seed)")
        guard let stanza = actions.stanzas.first else { return #expect(actions.statuses.count == 1) }
        let octets = stanza.octets(defaultNamespace: Namespace.client)
        #expect(XMLText.isClean(String(decoding: octets, as: UTF8.self)), "seed \(seed)")
        #expect(stanza.text(of: "body")?.isEmpty == false, "seed \(seed)")
        #expect(stanza.text(of: "body")?.utf8.contains(13) == false, "seed \(seed)")
    }

    @Test(arguments: [
        "\r\nVia: SIP/2.0/UDP evil", "a\r\n\r\nb", "\u{2028}", "\"", "<sip:x@y>", "a\u{0}b",
        String(repeating: "x", count: 5_000),
    ])
    func `nothing that a stanza says can become a header field of its own`(text: String) throws {
        var stanza = Element.juliet(
            "Hark",
            id: text,
            thread: text,
            Element("subject", Namespace.client, text: text),
            Element("nick", Namespace.nick, text: text)
        )
        stanza.language = text
        var delay = Element("delay", Namespace.delay)
        delay["stamp"] = text
        stanza.append(delay)
        var scene = Scene()
        let request = try #require(scene.xmpp(stanza).requests.first)
        let parsed = try SIPMessage.parse(Self.completed(request).octets)
        guard case .request(let again) = parsed else { return #expect(Bool(false)) }
        #expect(again.headers.fields.map(\.name) == Self.completed(request).headers.fields.map(\.name))
        #expect(again.body == Array("Hark".utf8))
        #expect(try again.headers.from().uri.description == "sip:juliet@example.com;gr=balcony")
    }

    /// The request with what the edge adds.
    private static func completed(_ request: SIPRequest) -> SIPRequest {
        var request = request
        request.headers.prepend(.maxForwards, "70")
        request.headers.prepend(.via, "SIP/2.0/UDP gw.example;branch=z9hG4bKx")
        return request
    }
}
