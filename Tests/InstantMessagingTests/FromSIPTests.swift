import BusContract
import InstantMessaging
import SIPGrammar
import TestKit
import Testing
import TranslatorKit
import XMPPGrammar

/// RFC 7572 section 5, MAPPING 4.2 and 4.10.
struct FromSIPTests {
    @Test func `a MESSAGE becomes a stanza of the type normal with the gateway's id`() {
        var scene = Scene()
        let actions = scene.sip(.romeo("Neither, fair saint."))
        #expect(actions.count == 1)
        let stanza = actions.stanzas.first
        #expect(stanza?["from"] == "romeo@example.net")
        #expect(stanza?["to"] == "juliet@example.com")
        #expect(stanza?["type"] == nil)
        #expect(stanza?["id"] == Mint(letter: "i", shard: Scene.key.shard).identifier(scene.last))
        #expect(stanza?.text(of: "body") == "Neither, fair saint.")
        #expect(stanza?.text(of: "thread") == "9E97FB43")
        #expect(stanza?.first("subject") == nil)
        #expect(stanza?.language == nil)
    }

    @Test
    func
        `the stanza leaves under an id that a second owner would derive too, with less patience than the asker`()
    {
        var scene = Scene()
        _ = scene.sip(patience: .seconds(30))
        #expect(scene.underWay.first?.id == scene.last.child("stanza"))
        #expect(scene.underWay.first?.patience == .seconds(15))
        #expect(scene.underWay.first?.trace == "t")
        _ = scene.sip(patience: .seconds(4))
        #expect(scene.underWay.last?.patience == .milliseconds(3_500))
    }

    @Test(
        arguments: [
            ([.subject: "Balcony"], "subject", "Balcony"),
            ([.subject: "a\u{7}b"], "subject", "a b"),
            ([.callID: "ignored, for the first counts"], "thread", "9E97FB43"),
        ] as [(SIPHeaders, String, String)]
    )
    func `header fields become elements`(headers: SIPHeaders, name: String, expected: String) {
        var scene = Scene()
        #expect(scene.sip(.romeo(with: headers)).stanzas.first?.text(of: name) == expected)
    }

    @Test(
        arguments: [
            ("cs", "cs"), ("de-CH, en", "de-CH"), ("", nil), ("<x>", nil),
            (String(repeating: "a", count: 36), nil),
        ] as [(String, String?)]
    )
    func `the first language that is one becomes xml lang`(field: String, expected: String?) {
        var scene = Scene()
        let stanza = scene.sip(.romeo(with: [.contentLanguage: field])).stanzas.first
        #expect(stanza?.language == expected)
    }

    @Test(arguments: [
        ("sip:juliet@example.com;gr=balcony", "juliet@example.com/balcony"),
        ("im:juliet@example.com", "juliet@example.com"),
        ("sip:JULIET@example.com:5070;transport=tcp", "juliet@example.com"),
        ("sip:o'malley@example.com", "o\\27malley@example.com"),
    ])
    func `the Request-URI says who gets it`(uri: String, recipient: String) {
        var scene = Scene()
        #expect(scene.sip(.romeo(to: uri)).stanzas.first?["to"] == recipient)
    }

    @Test(arguments: [
        ("<sip:romeo@example.net;gr=orchard>;tag=1", "romeo@example.net/orchard"),
        ("<sip:romeo@example.net>;gr=orchard;tag=1", "romeo@example.net/orchard"),
        ("<sip:romeo@example.net;gr>;tag=1", "romeo@example.net"),
        ("Romeo <sip:romeo@example.net>;tag=1", "romeo@example.net"),
    ])
    func `From says who wrote it, and on which device`(from: String, sender: String) {
        var scene = Scene()
        #expect(scene.sip(.romeo(from: from)).stanzas.first?["from"] == sender)
    }

    @Test
    func `an identity that the edge believes wins over From, which only names the device of the same user`() {
        var scene = Scene()
        let request = SIPRequest.romeo(from: "<sip:tybalt@example.net;gr=street>;tag=1")
        #expect(scene.sip(request, as: "sip:romeo@example.net").stanzas.first?["from"] == "romeo@example.net")
        let same = SIPRequest.romeo(from: "<sip:romeo@example.net;gr=orchard>;tag=1")
        #expect(
            scene.sip(same, as: "sip:romeo@example.net").stanzas.first?["from"] == "romeo@example.net/orchard"
        )
    }

    @Test(arguments: [
        (SIPRequest.romeo(from: "<sip:anonymous@anonymous.invalid>;tag=1"), "sip:romeo@example.net"),
        (.romeo(with: [.privacy: "id"]), "sip:romeo@example.net"),
        (.romeo(with: [.privacy: "none; user"]), "sip:romeo@example.net"),
    ])
    func `who hides is anonymous at the gateway`(request: SIPRequest, identity: String) {
        var scene = Scene()
        let stanza = scene.sip(request, as: identity, name: "Romeo M.").stanzas.first
        #expect(stanza?["from"] == "anonymous@gw.example")
        #expect(stanza?.first("nick", Namespace.nick)?.text == "Anonymous")
    }

    @Test func `the display name goes along once, and again when it changes`() {
        var scene = Scene()
        let names = ["Romeo", "Romeo", "R. Montague"].map { name in
            scene.sip(name: name).stanzas.first?.first("nick", Namespace.nick)?.text
        }
        #expect(names == ["Romeo", nil, "R. Montague"])
    }

    @Test func `an operator may have pagers shown as chats, by domain`() {
        var scene = Scene { $0.pagerAs = PerDomain(.normal, except: ["EXAMPLE.com": .chat]) }
        #expect(scene.sip().stanzas.first?["type"] == "chat")
    }

    @Test(
        arguments: [
            ("Thu, 01 Jan 2026 00:00:00 GMT", nil),
            ("Wed, 31 Dec 2025 23:59:00 GMT", nil),
            ("Wed, 31 Dec 2025 23:58:59 GMT", "2025-12-31T23:58:59Z"),
            ("yesterday", nil),
        ] as [(String, String?)]
    )
    func `a Date older than a minute becomes a delay`(date: String, stamp: String?) {
        var scene = Scene()
        let delay = scene.sip(.romeo(with: [.date: date])).stanzas.first?.first("delay", Namespace.delay)
        #expect(delay?["stamp"] == stamp)
        #expect(delay?["from"] == (stamp == nil ? nil : "gw.example"))
    }

    @Test(
        arguments: [
            ([.expires: "60"], false),
            ([.expires: "60", .date: "Wed, 31 Dec 2025 23:59:30 GMT"], false),
            ([.expires: "60", .date: "Wed, 31 Dec 2025 23:58:30 GMT"], true),
            ([.expires: "0", .date: "Wed, 31 Dec 2025 23:59:59 GMT"], true),
            ([.expires: "99999999999", .date: "Wed, 31 Dec 2025 23:59:59 GMT"], false),
            ([.expires: "soon"], false),
        ] as [(SIPHeaders, Bool)]
    )
    func `what has expired is accepted and shown to nobody`(headers: SIPHeaders, isExpired: Bool) {
        var scene = Scene()
        let actions = scene.sip(.romeo(with: headers))
        #expect(actions.stanzas.isEmpty == isExpired)
        #expect(actions.statuses == (isExpired ? [202] : []))
    }

    @Test(arguments: [
        (SIPRequest.romeo(to: "sip:x%00y@example.com"), 404),
        (.romeo(to: "sip:example.com"), 404),
        (.romeo(to: "sip:juliet@192.0.2.7"), 404),
        (.romeo(to: "sips:juliet@example.com"), 480),
        (.romeo(to: "http://example.com/juliet"), 416),
        (.romeo(to: "tel:+15551234"), 404),
        (.romeo(from: "<sip:x%00y@example.net>;tag=1"), 403),
        (.romeo(from: "<sip:romeo@elsewhere.example>;tag=1"), 403),
        (.romeo(with: [.require: "100rel"]), 420),
    ])
    func `what cannot cross is answered at once, once`(request: SIPRequest, status: Int) {
        var scene = Scene()
        let actions = scene.sip(request)
        #expect(actions.statuses == [status])
        #expect(actions.map(\.repliedTo) == [scene.last])
        #expect(scene.isOver)
    }

    @Test func `refusals carry the header fields that make them legal`() {
        var scene = Scene()
        #expect(scene.sip(.romeo(with: [.require: "a, b"])).first?.sipAnswer?.headers[.unsupported] == "a, b")
        let secure = scene.sip(.romeo(to: "sips:juliet@example.com")).first?.sipAnswer
        #expect(secure?.headers[.warning] == "380 gw.example \"SIPS Not Allowed\"")
        var other = SIPRequest.romeo()
        other.method = .info
        let refused = scene.sip(other).first?.sipAnswer
        #expect(refused?.status == 405)
        #expect(refused?.headers[.allow] == "MESSAGE")
    }

    @Test func `a secure address in To alone is refused as one in the Request-URI is`() {
        var scene = Scene()
        var request = SIPRequest.romeo()
        request.headers[.to] = "<sips:juliet@example.com>"
        #expect(scene.sip(request).statuses == [480])
    }

    @Test func `a stranger may write to the users of an XMPP domain that is the gateway's to serve`() {
        var scene = Scene { $0.xmppDomains = ["example.com"] }
        #expect(scene.sip(.romeo(from: "<sip:paris@elsewhere.example>;tag=1")).stanzas.count == 1)
    }

    @Test(arguments: [(1_000, 1_000, 202), (9_000, 1_000, 413), (2_000, 4_000, 413)])
    func `a stanza that escapes make larger than the server takes is refused`(
        plain: Int,
        escaped: Int,
        status: Int
    ) {
        var scene = Scene()
        let text = String(repeating: "x", count: plain) + String(repeating: "<", count: escaped)
        let refused = scene.sip(.romeo(text)).statuses
        #expect(refused == (status == 413 ? [413] : []))
        guard status == 202 else { return }
        _ = scene.outcome(.ok(nil))
        #expect(scene.wait(.seconds(1)).map(\.output) == [.answer(scene.last, 202)])
    }

    @Test func `a reply names the message that it is a reply to`() {
        var scene = Scene()
        _ = scene.xmpp(.juliet("Wherefore?", id: "m7", thread: "night"))
        _ = scene.respond(200)
        let stanza = scene.sip(.romeo(callID: "day", with: [.inReplyTo: "unknown, night"])).stanzas.first
        let reply = stanza?.first("reply", "urn:xmpp:reply:0")
        #expect(reply?["id"] == "m7")
        #expect(reply?["to"] == "juliet@example.com/balcony")
    }
}
