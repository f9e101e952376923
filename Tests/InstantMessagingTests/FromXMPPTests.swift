import BusContract
import InstantMessaging
import SIPGrammar
import TestKit
import Testing
import TranslatorKit
import XMPPGrammar

/// RFC 7572 section 4, MAPPING 4.1 to 4.3.
struct FromXMPPTests {
    @Test func `a stanza becomes a MESSAGE`() throws {
        var scene = Scene()
        let actions = scene.xmpp(.juliet("Art thou not Romeo?", thread: "D9AA95FD"))
        #expect(actions.count == 1)
        let request = try #require(actions.requests.first)
        #expect(request.method == .message)
        #expect(request.uri.description == "sip:romeo@example.net")
        #expect(request.headers[.to] == "<sip:romeo@example.net>")
        let from = try request.headers.from()
        #expect(from.uri.description == "sip:juliet@example.com;gr=balcony")
        #expect(from.displayName == nil)
        #expect(from.tag?.hasPrefix("i") == true)
        #expect(request.headers[.callID] == "D9AA95FD")
        #expect(request.headers[.contentType] == "text/plain;charset=UTF-8")
        #expect(request.body == Array("Art thou not Romeo?".utf8))
        for absent: SIPHeaderName in [
            .contact, .via, .date, .subject, .contentLanguage, .expires, .inReplyTo,
        ] {
            #expect(!request.headers.contains(absent))
        }
    }

    @Test
    func `the request leaves under an id that a second owner would derive too, and is done once answered`() {
        var scene = Scene()
        _ = scene.xmpp(patience: .seconds(40))
        let dispatch = scene.underWay[0]
        #expect(dispatch.id == scene.last.child("whole"))
        #expect(dispatch.patience == .seconds(34))
        #expect(dispatch.trace == "t")
        guard case .sipDispatch(let payload) = dispatch.payload else { return #expect(Bool(false)) }
        #expect(!payload.allowsOversize)
        #expect(scene.respond(202) == [.done(scene.last)])
    }

    @Test(arguments: [
        ("romeo@example.net/orchard", "sip:romeo@example.net;gr=orchard"),
        ("romeo@example.net/sip", "sip:romeo@example.net"),
        ("o\\27malley@example.net", "sip:o'malley@example.net"),
    ])
    func `a device is addressed in the Request-URI alone`(to: String, uri: String) throws {
        var scene = Scene()
        let request = try #require(scene.xmpp(.juliet(to: to)).requests.first)
        #expect(request.uri.description == uri)
        #expect(try request.headers.to().uri.sip?.parameters.isEmpty == true)
    }

    @Test(arguments: [nil, "normal", "chat", "headline", "whatever"] as [String?])
    func `all but errors and rooms cross`(type: String?) {
        var scene = Scene()
        #expect(scene.xmpp(.juliet(type: type)).requests.count == 1)
    }

    @Test(arguments: [
        Element.juliet(nil), .juliet(""),
        .juliet(nil, Element("active", Namespace.chatStates)),
        .juliet(nil, Element("subject", Namespace.client, text: "Only this")),
        .juliet(nil, Element("received", Namespace.receipts)),
        .juliet(nil, Element("reactions", "urn:xmpp:reactions:0")),
        .juliet(nil, Element("retract", "urn:xmpp:message-retract:1")),
        .juliet(
            nil,
            Element(
                "sent",
                Namespace.carbons,
                children: [.element(Element("forwarded", Namespace.forwarding))]
            )
        ),
        Element.juliet().bounced(.itemNotFound),
    ])
    func `what carries nothing to read is quietly done`(stanza: Element) {
        var scene = Scene()
        #expect(scene.xmpp(stanza) == [.done(scene.last)])
        #expect(scene.isOver)
    }

    @Test(arguments: [
        (Element.juliet(type: "groupchat"), StanzaErrorCondition.badRequest),
        (.juliet(to: "paris@elsewhere.example"), .notAllowed),
        (.juliet(to: "anonymous@gw.example"), .notAllowed),
        (.juliet(to: "example.net"), .itemNotFound),
        (.juliet(to: "@"), .jidMalformed),
        (.juliet("x", Element("encryption", Namespace.explicitEncryption)), .notAcceptable),
        (.juliet(nil, Element("encrypted", "eu.siacs.conversations.axolotl")), .notAcceptable),
        (.juliet(nil, Element("openpgp", "urn:xmpp:openpgp:0")), .notAcceptable),
    ])
    func `what cannot cross is told to its sender`(stanza: Element, condition: StanzaErrorCondition) {
        var scene = Scene()
        let actions = scene.xmpp(stanza)
        #expect(actions.conditions == [condition])
        #expect(actions.map(\.repliedTo) == [scene.last])
        guard case .reply(to: _, .ok(.stanza(let reply)?)) = actions[0] else { return #expect(Bool(false)) }
        #expect(reply["to"] == "juliet@example.com/balcony")
        #expect(reply["from"] == stanza["to"])
        #expect(reply["id"] == "m1")
        #expect(reply["type"] == "error")
        #expect(StanzaError(reply)?.by != nil)
    }

    @Test func `an anonymous sender cannot be written to`() {
        var scene = Scene { $0.gatewayDomain = "example.net" }
        let error = scene.xmpp(.juliet(to: "anonymous@example.net")).first?.stanzaError
        #expect(error?.condition == .itemNotFound)
        #expect(error?.text == "the sender is anonymous")
    }

    @Test func `who is served because of his own domain may write to anybody`() {
        var scene = Scene { $0.xmppDomains = ["example.com"] }
        #expect(scene.xmpp(.juliet(to: "paris@elsewhere.example")).requests.count == 1)
    }

    @Test func `nobody is told that a headline failed`() {
        var scene = Scene()
        _ = scene.xmpp(.juliet(type: "headline"))
        #expect(scene.respond(404).requests.count == 1)
        #expect(scene.respond(500) == [.done(scene.last)])
        #expect(scene.xmpp(.juliet(type: "headline", to: "@")) == [.done(scene.last)])
    }

    @Test func `encryption that is text passes as text`() {
        var hint = Element("encryption", Namespace.explicitEncryption)
        hint["namespace"] = "urn:xmpp:otr:0"
        var scene = Scene()
        #expect(scene.xmpp(.juliet("?OTR:AAMC", hint)).texts == ["?OTR:AAMC"])
    }

    @Test(arguments: [
        (Element.juliet("new", Element("replace", Namespace.messageCorrection)), "* new"),
        (.juliet("👍", Element("reactions", "urn:xmpp:reactions:0")), "👍"),
        (.juliet("gone", Element("retract", "urn:xmpp:message-retract:1")), "gone"),
        (.juliet("> before\nafter", Element("reply", "urn:xmpp:reply:0")), "> before\nafter"),
        (.juliet("see", Element.oob("https://x.example/a")), "see\nhttps://x.example/a"),
        (.juliet("https://x.example/a", Element.oob("https://x.example/a")), "https://x.example/a"),
        (.juliet(nil, Element.oob("https://x.example/a")), "https://x.example/a"),
        (.juliet("a\nb & <c>"), "a\nb & <c>"),
    ])
    func `the text is what a person would read`(stanza: Element, text: String) {
        var scene = Scene()
        #expect(scene.xmpp(stanza).texts == [text])
    }

    @Test func `of several bodies and subjects those in the stanza's language go`() throws {
        var stanza = Element.juliet(nil)
        stanza.language = "de"
        for (language, body) in [("en", "Hark"), ("de", "Horch")] {
            for name in ["subject", "body"] {
                var element = Element(name, Namespace.client, text: body)
                element.language = language
                stanza.append(element)
            }
        }
        var scene = Scene()
        let request = try #require(scene.xmpp(stanza).requests.first)
        #expect(request.body == Array("Horch".utf8))
        #expect(request.headers[.subject] == "Horch")
        #expect(request.headers[.contentLanguage] == "de")
    }

    @Test func `of several bodies in other languages the first goes, and its language with it`() throws {
        var stanza = Element.juliet(nil)
        var body = Element("body", Namespace.client, text: "Hark")
        body.language = "en"
        stanza.append(body)
        stanza.language = "de"
        var scene = Scene()
        let request = try #require(scene.xmpp(stanza).requests.first)
        #expect(request.headers[.contentLanguage] == "en")
    }

    @Test func `a subject is one line`() {
        var scene = Scene()
        let subject = Element("subject", Namespace.client, text: " a\r\nVia: b\t")
        #expect(scene.xmpp(.juliet("x", subject)).requests.first?.headers[.subject] == "a  Via: b")
    }

    @Test func `a delay becomes a Date`() {
        var delay = Element("delay", Namespace.delay)
        delay["stamp"] = "2002-09-10T23:08:25.5Z"
        var scene = Scene()
        #expect(
            scene.xmpp(.juliet("x", delay)).requests.first?.headers[.date] == "Tue, 10 Sep 2002 23:08:25 GMT"
        )
    }

    @Test func `a nickname becomes the display name, and stays`() throws {
        var scene = Scene()
        let nick = Element("nick", Namespace.nick, text: "Juliet \"C\"\r\n")
        let first = try #require(scene.xmpp(.juliet("x", nick)).requests.first)
        #expect(try first.headers.from().displayName == "Juliet \"C\"")
        #expect(first.headers[.from]?.hasPrefix("\"Juliet \\\"C\\\"\" <sip:juliet") == true)
        _ = scene.respond(200)
        let second = try #require(scene.xmpp().requests.first)
        #expect(try second.headers.from().displayName == "Juliet \"C\"")
    }

    @Test func `the SIP side's own spelling of a user is used`() {
        var scene = Scene()
        _ = scene.sip(.romeo(from: "<sip:R%6Fmeo@example.net>;tag=1"))
        #expect(scene.xmpp().requests.first?.uri.description == "sip:R%6Fmeo@example.net")
    }

    @Test func `who hides is not found by his spelling`() {
        var scene = Scene { $0.gatewayDomain = "example.net" }
        _ = scene.sip(.romeo(with: [.privacy: "id"]))
        #expect(scene.xmpp(.juliet(to: "anonymous@example.net")).conditions == [.itemNotFound])
        #expect(scene.xmpp().requests.first?.uri.description == "sip:romeo@example.net")
    }

    @Test func `a reply names the Call-ID of what it replies to`() {
        var scene = Scene()
        let id = scene.sip(.romeo(callID: "night")).stanzas[0]["id"]
        _ = scene.outcome(.ok(nil))
        _ = scene.wait(.seconds(1))
        var reply = Element("reply", "urn:xmpp:reply:0")
        reply["id"] = id
        #expect(scene.xmpp(.juliet("x", reply)).requests.first?.headers[.inReplyTo] == "night")
    }

    @Test(arguments: [Payload.sipAnswer(SIPAnswer(200)), .stanza(.juliet()), .opaque(type: "x", [1])])
    func `what no edge sends here is refused`(payload: Payload) {
        var scene = Scene()
        guard case .reply(to: scene.last, .failed(let failure))? = scene.arrive(payload).first else {
            return #expect(Bool(false))
        }
        #expect(failure.reason == .unsupported)
    }

    @Test func `other stanzas and those without a sender are refused`() {
        var scene = Scene()
        for stanza in [Element("presence", Namespace.client), Element("message", Namespace.client)] {
            guard case .reply(to: scene.last, .failed)? = scene.xmpp(stanza).first else {
                return #expect(Bool(false))
            }
        }
    }
}

extension Element {
    /// The address of something, as clients name it beside their text (XEP-0066).
    static func oob(_ url: String) -> Element {
        var oob = Element("x", Namespace.oob)
        oob.append(Element("url", Namespace.oob, text: url))
        return oob
    }
}
