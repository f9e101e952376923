import Addressing
import BusContract
import InstantMessaging
import SIPGrammar
import TestKit
import Testing
import TranslatorKit
import XMPPGrammar

/// What is tried in another way before its sender is told: MAPPING 1.5, 3.2, 3.4 and 4.11.
struct FallbackTests {
    @Test(arguments: [
        (400, StanzaErrorCondition.badRequest), (401, .notAuthorized), (407, .registrationRequired),
        (413, .policyViolation),
        (415, .notAcceptable), (420, .featureNotImplemented), (421, .notAcceptable),
        (480, .recipientUnavailable),
        (486, .recipientUnavailable), (500, .internalServerError), (502, .remoteServerNotFound),
        (600, .recipientUnavailable),
        (604, .itemNotFound),
    ])
    func `a refusal becomes the error, by the domain of the recipient`(
        status: Int,
        condition: StanzaErrorCondition
    ) {
        var scene = Scene()
        _ = scene.xmpp()
        let error = scene.respond(status).first?.stanzaError
        #expect(error?.condition == condition)
        #expect(error?.by == "example.net")
        #expect(error?.text?.hasPrefix("\(status) ") == true)
        #expect(scene.underWay.isEmpty)
    }

    @Test(arguments: [
        (Failure(.domainNotFound, "x"), StanzaErrorCondition.remoteServerNotFound),
        (Failure(.unreachable, "x"), .remoteServerNotFound),
        (Failure(.timeout, "x"), .remoteServerTimeout), (Failure(.deadline, "x"), .remoteServerTimeout),
        (Failure(.insecure, "x"), .remoteServerNotFound), (Failure(.overloaded, "x"), .resourceConstraint),
    ])
    func `a way that is not there becomes the error`(failure: Failure, condition: StanzaErrorCondition) {
        var scene = Scene()
        _ = scene.xmpp()
        #expect(scene.outcome(.failed(failure)).conditions == [condition])
    }

    @Test(arguments: [404, 480])
    func `a device that is gone is tried once as the user`(status: Int) {
        var scene = Scene()
        #expect(
            scene.xmpp(.juliet(to: "romeo@example.net/orchard")).requests[0].uri.description
                == "sip:romeo@example.net;gr=orchard"
        )
        #expect(scene.respond(status).requests.first?.uri.description == "sip:romeo@example.net")
        #expect(scene.underWay[0].id == scene.last.child("whole attempt 2"))
        #expect(scene.respond(486).conditions == [.recipientUnavailable])
    }

    @Test func `a headline for a device that is gone is not tried again`() {
        var scene = Scene()
        _ = scene.xmpp(.juliet(type: "headline", to: "romeo@example.net/orchard"))
        #expect(scene.respond(480) == [.done(scene.last)])
    }

    @Test(arguments: [403, 404, 485])
    func `a first refusal may be the fault of gr in From, and what helped is remembered`(status: Int) throws {
        var scene = Scene()
        _ = scene.xmpp()
        let retry = try #require(scene.respond(status).requests.first)
        #expect(try retry.headers.from().uri.description == "sip:juliet@example.com")
        #expect(scene.respond(200) == [.done(scene.last)])
        let next = try #require(scene.xmpp().requests.first)
        #expect(try next.headers.from().uri.description == "sip:juliet@example.com")
    }

    @Test func `what did not help is remembered too`() {
        var scene = Scene()
        _ = scene.xmpp()
        #expect(scene.respond(404).requests.count == 1)
        #expect(scene.respond(404).conditions == [.itemNotFound])
        _ = scene.xmpp()
        #expect(scene.respond(404).conditions == [.itemNotFound])
    }

    @Test(arguments: [(SenderGRUU.Policy.never, false), (.always, true)])
    func `an operator may decide about gr in From`(policy: SenderGRUU.Policy, isThere: Bool) {
        var scene = Scene { $0.senderGRUU = ["example.net": policy] }
        let from = scene.xmpp().requests[0].headers[.from] ?? ""
        #expect(from.contains(";gr=") == isThere)
        #expect(scene.respond(404).conditions == [.itemNotFound])
    }

    @Test func `a redirection is followed in the order of preference, among our own domains`() {
        var scene = Scene()
        _ = scene.xmpp()
        var moved = SIPHeaders()
        moved.append(.contact, "<sip:romeo@elsewhere.example>;q=1, <sip:r1@example.net>;q=0.2")
        moved.append(.contact, "<sip:r2@example.net;method=INVITE?Subject=x>;q=0.9, <mailto:r@example.net>")
        let first = scene.respond(302, moved).requests.first
        #expect(first?.uri.description == "sip:r2@example.net")
        #expect(first?.headers[.to] == "<sip:romeo@example.net>")
        #expect(scene.respond(486).requests.first?.uri.description == "sip:r1@example.net")
        #expect(scene.respond(486).conditions == [.recipientUnavailable])
    }

    @Test func `a contact that cannot be reached gives way to the next, one that says nothing does not`() {
        var scene = Scene()
        let moved: SIPHeaders = [.contact: "<sip:r1@example.net>, <sip:r2@example.net>, <sip:r3@example.net>"]
        _ = scene.xmpp()
        _ = scene.respond(302, moved)
        let next = scene.outcome(.failed(Failure(.unreachable, "refused")))
        #expect(next.requests.first?.uri.description == "sip:r2@example.net")
        #expect(scene.outcome(.failed(Failure(.timeout, "silence"))).conditions == [.remoteServerTimeout])
    }

    @Test func `a refusal for everywhere ends the search`() {
        var scene = Scene()
        _ = scene.xmpp()
        _ = scene.respond(302, [.contact: "<sip:r1@example.net>, <sip:r2@example.net>"])
        #expect(scene.respond(603).conditions == [.recipientUnavailable])
    }

    @Test func `redirections end after five`() {
        var scene = Scene()
        _ = scene.xmpp()
        for hop in 1...5 {
            #expect(scene.respond(302, [.contact: "<sip:r\(hop)@example.net>"]).requests.count == 1)
        }
        #expect(scene.respond(302, [.contact: "<sip:r6@example.net>"]).conditions == [.redirect])
    }

    @Test(arguments: [(301, StanzaErrorCondition.gone), (302, .redirect)])
    func `an address that may not be followed is told to the sender`(
        status: Int,
        condition: StanzaErrorCondition
    ) {
        var scene = Scene()
        _ = scene.xmpp()
        let error = scene.respond(status, [.contact: "<sip:romeo@elsewhere.example>"]).first?.stanzaError
        #expect(error?.condition == condition)
        #expect(error?.uri == "xmpp:romeo@elsewhere.example")
    }

    static var markup: Element {
        var html = Element("html", Namespace.xhtmlIM)
        html.append(
            Element(
                "body",
                Namespace.xhtml,
                children: [.element(Element("strong", Namespace.xhtml, text: "Hark"))]
            )
        )
        return html
    }

    @Test func `markup goes only to who has sent some, until it is refused`() {
        var scene = Scene()
        #expect(
            scene.xmpp(.juliet("Hark", Self.markup)).requests[0].headers[.contentType]
                == "text/plain;charset=UTF-8"
        )
        _ = scene.respond(200)
        _ = scene.sip(.romeo("<b>Ho</b>", type: "text/html"))
        let marked = scene.xmpp(.juliet("Hark", Self.markup)).requests[0]
        #expect(marked.headers[.contentType]?.hasPrefix("multipart/alternative;") == true)
        let body = String(decoding: marked.body, as: UTF8.self)
        #expect(body.contains("<strong>Hark</strong>"))
        scene.settle()
        #expect(scene.respond(415).texts == ["Hark"])
        _ = scene.respond(200)
        _ = scene.sip(.romeo("<b>Ho</b>", type: "text/html", cSeq: "2 MESSAGE"))
        scene.settle()
        #expect(scene.xmpp(.juliet("Hark", Self.markup)).texts == ["Hark"])
        _ = scene.respond(200)
        _ = scene.wait(.seconds(24 * 3600))
        _ = scene.sip(.romeo("<b>Ho</b>", type: "text/html", cSeq: "3 MESSAGE"))
        #expect(scene.xmpp(.juliet("Hark", Self.markup)).texts != ["Hark"])
    }

    @Test func `markup is what goes first when there is not room for all`() {
        var scene = Scene()
        _ = scene.sip(.romeo("<b>Ho</b>", type: "text/html"))
        _ = scene.outcome(.ok(nil))
        let subject = Element("subject", Namespace.client, text: "Night")
        _ = scene.xmpp(.juliet("Hark", Self.markup, subject))
        let plain = scene.tooLarge(room: 100)
        #expect(plain.texts == ["Hark"])
        #expect(plain.requests.first?.headers[.subject] == "Night")
    }

    @Test(arguments: [(305, StanzaErrorCondition.redirect), (380, .notAcceptable)])
    func `a proxy to use and another service are no addresses to follow`(
        status: Int,
        condition: StanzaErrorCondition
    ) {
        var scene = Scene()
        _ = scene.xmpp()
        #expect(scene.respond(status, [.contact: "<sip:r1@example.net>"]).conditions == [condition])
    }
}
