import BusContract
import InstantMessaging
import SIPGrammar
import TestKit
import Testing
import TranslatorKit
import XMPPGrammar

/// What the gateway itself has sent and gets back: MAPPING 2.4.
struct LoopTests {
    @Test func `a stanza of ours that comes back is refused for ten seconds`() {
        var scene = Scene { $0.xmppDomains = ["example.net"] }
        let stanza = scene.sip(.romeo("Hark")).stanzas[0]
        #expect(scene.xmpp(stanza).conditions == [.notAcceptable])
        var copy = stanza
        copy["id"] = "other"
        #expect(scene.xmpp(copy).conditions == [.notAcceptable])
        _ = scene.wait(.seconds(10))
        #expect(scene.xmpp(copy).conditions != [.notAcceptable])
    }

    @Test func `a request of ours that comes back is a loop for ten seconds`() throws {
        var scene = Scene { $0.sipDomains = ["example.net", "example.com"] }
        let request = try #require(scene.xmpp(.juliet("Hark")).requests.first)
        #expect(scene.sip(request).statuses == [482])
        var copy = request
        copy.headers[.callID] = "other"
        #expect(scene.sip(copy).statuses == [482])
        copy.body = Array("Ho".utf8)
        #expect(scene.sip(copy).statuses == [])
        _ = scene.wait(.seconds(10))
        #expect(scene.sip(request).statuses == [])
    }

    @Test func `saying the same twice, or what the other just said, is no loop`() {
        var scene = Scene()
        for number in 1...3 {
            #expect(scene.sip(.romeo("ok", cSeq: "\(number) MESSAGE")).stanzas.count == 1)
            scene.settle()
            #expect(scene.xmpp(.juliet("ok")).requests.count == 1)
            _ = scene.respond(200)
        }
    }

    @Test func `a flood does not make the memory of it grow`() {
        var scene = Scene()
        for number in 1...5_000 {
            _ = scene.sip(.romeo("\(number)", callID: "c\(number)", cSeq: "\(number) MESSAGE"))
            scene.settle()
            _ = scene.xmpp(.juliet("\(number)", id: "m\(number)", thread: "two words \(number)"))
            _ = scene.respond(200)
        }
        #expect(scene.lab.pendingTimers <= 2)
    }
}
