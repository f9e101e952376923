import BusContract
import InstantMessaging
import SIPGrammar
import TestKit
import Testing
import TranslatorKit
import XMPPGrammar

/// One MESSAGE at a time, in order: RFC 3428 section 8, MAPPING 4.3 step 6.
struct QueueTests {
    @Test func `what comes while a request is outstanding waits its turn`() {
        var scene = Scene()
        #expect(scene.xmpp(.juliet("1")).texts == ["1"])
        let first = scene.last
        #expect(scene.xmpp(.juliet("2")).isEmpty)
        #expect(scene.xmpp(.juliet("3", to: "romeo@example.net/orchard")).isEmpty)
        let actions = scene.respond(200)
        #expect(actions.first == .done(first))
        #expect(actions.texts == ["2"])
        #expect(scene.respond(486).texts == ["3"])
        #expect(scene.respond(200) == [.done(scene.last)])
        #expect(scene.lab.pendingTimers == 1)
    }

    @Test func `a message that is cut keeps its place`() {
        var scene = Scene()
        _ = scene.xmpp(.juliet("first part of it, second part of it"))
        _ = scene.xmpp(.juliet("2"))
        #expect(scene.tooLarge(room: 18).texts == ["first part of it, "])
        #expect(scene.respond(200).texts == ["second part of it"])
        #expect(scene.respond(200).texts == ["2"])
    }

    @Test func `a hundred may wait and no more`() {
        var scene = Scene()
        let answers = (0...102).map { scene.xmpp(.juliet("\($0)")).conditions }
        #expect(answers.prefix(101).allSatisfy { $0.isEmpty })
        #expect(answers.suffix(2) == [[.resourceConstraint], [.resourceConstraint]])
    }

    @Test func `who has waited for as long as whoever asked is patient is told so, exactly then`() {
        var scene = Scene()
        _ = scene.xmpp(.juliet("1"), patience: .seconds(40))
        _ = scene.wait(.seconds(10))
        _ = scene.xmpp(.juliet("2"), patience: .seconds(20))
        let second = scene.last
        _ = scene.xmpp(.juliet("3"), patience: .seconds(25))
        let third = scene.last
        let sent = scene.wait(.seconds(29))
        #expect(sent.map(\.at) == [.milliseconds(29_500), .milliseconds(34_500)])
        #expect(sent.map(\.output.repliedTo) == [second, third])
        #expect(sent.map(\.output.stanzaError?.condition) == [.resourceConstraint, .resourceConstraint])
        #expect(scene.respond(200).count == 1)
    }

    @Test func `nobody waits longer than a minute`() {
        var scene = Scene()
        _ = scene.xmpp(.juliet("1"), patience: .seconds(600))
        _ = scene.xmpp(.juliet("2"), patience: .seconds(600))
        #expect(scene.wait(.seconds(599)).map(\.at) == [.seconds(60)])
    }

    @Test func `its sender is told in time, and the next one waits for as long as it may still arrive`() {
        var scene = Scene()
        _ = scene.xmpp(.juliet("1"), patience: .seconds(10))
        let first = scene.last
        #expect(scene.underWay[0].patience == .seconds(34))
        _ = scene.xmpp(.juliet("2"), patience: .seconds(40))
        let sent = scene.wait(.seconds(12))
        #expect(sent.map(\.at) == [.milliseconds(9_500)])
        #expect(sent.map(\.output.repliedTo) == [first])
        #expect(sent.first?.output.stanzaError?.condition == .remoteServerTimeout)
        let actions = scene.respond(200)
        #expect(actions.texts == ["2"])
        #expect(actions.compactMap(\.repliedTo).isEmpty)
        #expect(scene.respond(200) == [.done(scene.last)])
        #expect(scene.lab.pendingTimers == 1)
    }

    @Test func `what its sender was told has failed is not tried in another way`() {
        var scene = Scene()
        _ = scene.xmpp(.juliet("1", to: "romeo@example.net/orchard"), patience: .seconds(10))
        _ = scene.wait(.seconds(10))
        #expect(scene.respond(480).isEmpty)
        #expect(scene.xmpp(.juliet("2")).texts == ["2"])
    }

    @Test func `what there is hardly time for is not begun`() {
        var scene = Scene()
        _ = scene.xmpp(.juliet("1"), patience: .seconds(40))
        _ = scene.xmpp(.juliet("2"), patience: .seconds(10))
        _ = scene.wait(.seconds(9))
        let actions = scene.respond(200)
        #expect(actions.texts.isEmpty)
        #expect(actions.conditions == [.remoteServerTimeout])
        #expect(scene.xmpp(.juliet("3")).texts == ["3"])
    }

    @Test func `an answer to what is not under way is ignored`() {
        var scene = Scene()
        _ = scene.xmpp()
        #expect(scene.play(.outcome(of: DeliveryID(high: 1, low: 1), .ok(nil))).isEmpty)
        let dispatch = scene.underWay[0].id
        _ = scene.respond(200)
        #expect(scene.play(.outcome(of: dispatch, .ok(nil))).isEmpty)
        #expect(scene.lab.ignored.count == 2)
    }

    @Test func `both directions go on side by side`() {
        var scene = Scene()
        #expect(scene.xmpp(.juliet("1")).count == 1)
        #expect(scene.sip(.romeo("2")).count == 1)
        #expect(scene.xmpp(.juliet("3")).isEmpty)
        #expect(scene.sip(.romeo("4")).count == 1)
    }

    @Test func `an edge that says no more than that it is done is believed`() {
        var scene = Scene()
        _ = scene.xmpp()
        #expect(scene.outcome(.ok(nil)) == [.done(scene.last)])
        _ = scene.xmpp()
        #expect(scene.outcome(.redirect(.xmppEdge)).conditions == [.internalServerError])
    }
}
