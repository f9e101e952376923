import BusContract
import InstantMessaging
import SIPGrammar
import TestKit
import Testing
import TranslatorKit
import XMPPGrammar

/// MAPPING 4.10, steps 4 and 5.
struct BounceTests {
    @Test func `to a recipient that is not known the answer waits 300 ms for a bounce`() {
        var scene = Scene()
        _ = scene.sip()
        #expect(scene.outcome(.ok(nil)).isEmpty)
        let sent = scene.wait(.seconds(60))
        #expect(sent == [.init(.milliseconds(300), .answer(scene.last, 202))])
    }

    @Test func `to a recipient that nothing came back from within the hour it does not wait`() {
        var scene = Scene()
        _ = scene.sip()
        _ = scene.outcome(.ok(nil))
        _ = scene.wait(.seconds(3_600))
        _ = scene.sip()
        #expect(scene.outcome(.ok(nil)) == [.answer(scene.last, 202)])
        // The hour counts from the last message; then the recipient is a stranger again.
        _ = scene.wait(.seconds(3_600))
        _ = scene.sip()
        #expect(scene.outcome(.ok(nil)).isEmpty)
    }

    @Test func `who has written exists`() {
        var scene = Scene()
        _ = scene.xmpp()
        _ = scene.respond(200)
        _ = scene.sip()
        #expect(scene.outcome(.ok(nil)) == [.answer(scene.last, 202)])
    }

    @Test(arguments: [
        (StanzaErrorCondition.itemNotFound, 404), (.serviceUnavailable, 480), (.recipientUnavailable, 480),
        (.forbidden, 403), (.remoteServerNotFound, 480), (.jidMalformed, 404), (.policyViolation, 403),
        (.notAcceptable, 406), (.resourceConstraint, 500),
    ])
    func `a bounce within the window becomes the answer`(condition: StanzaErrorCondition, status: Int) {
        var scene = Scene()
        let stanza = scene.sip().stanzas[0]
        let message = scene.last
        _ = scene.outcome(.ok(nil))
        _ = scene.wait(.milliseconds(299))
        let actions = scene.xmpp(stanza.bounced(condition))
        #expect(actions.map(\.repliedTo) == [message, scene.last])
        #expect(actions.statuses == [status])
        #expect(actions.last == .done(scene.last))
        #expect(scene.wait(.seconds(60)).isEmpty)
        #expect(scene.lab.ignored.isEmpty)
    }

    @Test func `a bounce that overtakes the edge's own word counts at once`() {
        var scene = Scene()
        let stanza = scene.sip().stanzas[0]
        #expect(
            scene.xmpp(stanza.bounced(.itemNotFound, text: "who?")).first?.sipAnswer
                == SIPAnswer(404, reason: "who?")
        )
        #expect(scene.outcome(.ok(nil)).isEmpty)
        #expect(scene.wait(.seconds(60)).isEmpty)
    }

    @Test func `a late bounce changes nothing but what is known of the recipient`() {
        var scene = Scene()
        let stanza = scene.sip().stanzas[0]
        _ = scene.outcome(.ok(nil))
        _ = scene.wait(.milliseconds(301))
        #expect(scene.xmpp(stanza.bounced(.itemNotFound)) == [.done(scene.last)])
        #expect(scene.lab.ignored == ["a late or unknown bounce"])
        _ = scene.sip()
        #expect(scene.outcome(.ok(nil)).isEmpty)
    }

    @Test(arguments: ["tybalt@example.com", "juliet@elsewhere.example"])
    func `a bounce from somebody else is none`(impostor: String) {
        var scene = Scene()
        var bounce = scene.sip().stanzas[0].bounced(.itemNotFound)
        bounce["from"] = impostor
        #expect(scene.xmpp(bounce) == [.done(scene.last)])
    }

    @Test(arguments: [
        (Failure(.domainNotFound, "no such domain"), 404), (Failure(.unreachable, "refused"), 502),
        (Failure(.timeout, "silence"), 504), (Failure(.deadline, "silence"), 504),
        (Failure(.overloaded, "too much"), 503), (Failure(.internal, "oops"), 500),
        (Failure(.forbidden, "no", answer: .stanza(Element.juliet().bounced(.itemNotFound))), 404),
    ])
    func `a stanza that could not leave is answered with what the failure means`(
        failure: Failure,
        status: Int
    ) {
        var scene = Scene()
        _ = scene.sip()
        #expect(scene.outcome(.failed(failure)).statuses == [status])
    }

    @Test func `an edge that has no room is passed on, for nothing has happened`() {
        var scene = Scene()
        _ = scene.sip()
        #expect(
            scene.outcome(.busy(retryAfter: .seconds(2))) == [
                .reply(to: scene.last, .busy(retryAfter: .seconds(2)))
            ]
        )
    }

    @Test func `the answer comes before the asker's patience ends, whatever the window`() {
        var scene = Scene { $0.bounceWindow = .seconds(60) }
        _ = scene.sip(patience: .seconds(5))
        _ = scene.wait(.seconds(1))
        _ = scene.outcome(.ok(nil))
        #expect(scene.wait(.seconds(60)) == [.init(.milliseconds(4_500), .answer(scene.last, 202))])
    }

    @Test func `messages do not wait for each other, and leave in order`() {
        var scene = Scene()
        let texts = (1...10).map { number in
            scene.sip(.romeo("\(number)", cSeq: "\(number) MESSAGE")).stanzas.first?.text(of: "body")
        }
        #expect(texts == (1...10).map { "\($0)" })
    }

    @Test func `more than a thousand under way are refused`() {
        var scene = Scene()
        let statuses = (1...1_026).map { scene.sip(.romeo(cSeq: "\($0) MESSAGE")).statuses }
        #expect(statuses.prefix(1_024).allSatisfy { $0.isEmpty })
        #expect(statuses.suffix(2) == [[500], [500]])
    }

    @Test func `a repeat of what is being worked on is left to the first`() {
        var scene = Scene()
        let request = SIPRequest.romeo()
        _ = scene.sip(request)
        let arrival = SIPArrival(
            request: request,
            identity: SIPURI(user: "romeo", host: .name("example.net")),
            displayName: nil,
            at: Scene.dawn,
            source: ""
        )
        let repeated = Delivery(
            id: scene.last,
            key: Scene.key,
            patience: .seconds(1),
            payload: .sipArrival(arrival)
        )
        #expect(scene.play(.delivery(repeated)).isEmpty)
        #expect(scene.lab.ignored == ["a delivery that is being worked on"])
    }
}
