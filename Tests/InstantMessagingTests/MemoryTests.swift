import BusContract
import InstantMessaging
import SIPGrammar
import TestKit
import Testing
import TranslatorKit
import XMPPGrammar

/// When nothing is left of a conversation.
struct MemoryTests {
    @Test func `a conversation in which nothing happened is over, and one that only refused something too`() {
        var scene = Scene()
        #expect(scene.isOver)
        _ = scene.xmpp(.juliet(type: "groupchat"))
        _ = scene.sip(.romeo(type: "application/sdp"))
        #expect(scene.isOver)
        #expect(scene.lab.pendingTimers == 0)
    }

    @Test func `a day after the last message it is over, to the second`() {
        var scene = Scene()
        _ = scene.sip(name: "Romeo")
        _ = scene.outcome(.ok(nil))
        _ = scene.wait(.seconds(3_600))
        _ = scene.xmpp()
        _ = scene.respond(200)
        #expect(!scene.isOver)
        _ = scene.wait(.seconds(24 * 3_600 - 1))
        #expect(!scene.isOver)
        _ = scene.wait(.seconds(1))
        #expect(scene.isOver)
        #expect(scene.lab.pendingTimers == 0)
    }

    @Test func `a conversation with something under way is not over however old`() {
        var scene = Scene()
        _ = scene.sip()
        _ = scene.wait(.seconds(48 * 3_600))
        #expect(!scene.isOver)
        #expect(scene.outcome(.ok(nil)) == [.answer(scene.last, 202)])
        #expect(!scene.isOver)
        _ = scene.wait(.seconds(3_600 * 24))
        #expect(scene.isOver)
    }

    @Test func `after a day the display name is told again`() {
        var scene = Scene()
        #expect(scene.sip(name: "Romeo").stanzas[0].contains("nick"))
        _ = scene.wait(.seconds(24 * 3_600 + 1))
        #expect(scene.sip(name: "Romeo").stanzas[0].contains("nick"))
    }
}
