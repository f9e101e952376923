import BusContract
import MachineKit
import SIPGrammar
import TestKit
import Testing
import TranslatorKit
import XMPPGrammar

/// The translator on a clock that moves when told: what happens to it, and what it wants done.
@Suite("Software versions")
struct VersionTests {
    /// XEP-0092 section 3 and RFC 3261 section 11, each as its standard prints it.
    @Test func `a query becomes an OPTIONS, and its response the result`() throws {
        var scene = Scene()
        guard case .deliver(let asked, to: .sipEdge)? = scene.ask().first else {
            Issue.record("nothing was asked")
            return
        }
        guard case .sipDispatch(let dispatch) = asked.payload else {
            Issue.record("no request was sent")
            return
        }
        let (callID, tag) = (asked.id, asked.id.child("tag"))
        #expect(
            String(decoding: dispatch.request.octets, as: UTF8.self) == """
                OPTIONS sip:romeo@example.net SIP/2.0\r
                To: <sip:romeo@example.net>\r
                From: <sip:juliet@example.com>;tag=v\(Self.shard)-\(tag)\r
                Call-ID: v\(Self.shard)-\(callID)\r
                CSeq: 1 OPTIONS\r
                Accept: application/sdp\r
                Content-Length: 0\r
                \r

                """
        )
        #expect(asked.id == DeliveryID(high: 0, low: 1).child("options"))
        #expect(asked.key == Scene.key)
        #expect(asked.trace == "t")
        #expect(asked.patience == .milliseconds(39_500))
        let actions = scene.end(1, .response(200, [.server: "Linphone/5.2 (Debian)"]))
        guard case .reply(to: DeliveryID(high: 0, low: 1), .ok(.stanza(let result)?))? = actions.first else {
            Issue.record("nobody was answered: \(actions)")
            return
        }
        #expect(
            result.printed == """
                <iq type='result' id='v1' from='romeo@example.net' to='juliet@example.com/balcony'>\
                <query xmlns='jabber:iq:version'><name>Linphone</name><version>5.2 (Debian)</version></query></iq>
                """
        )
    }

    @Test(
        arguments: [
            ([.server: "Asterisk PBX 20.6"], "Asterisk PBX 20.6 | unknown"),
            ([.userAgent: "Linphone/5.2"], "Linphone | 5.2"),
            ([.server: "proxy/1", .userAgent: "phone/2"], "proxy | 1"),
            ([.server: "kamailio (5.7.4 (x86_64/linux))"], "kamailio (5.7.4 (x86_64/linux)) | unknown"),
            ([.server: "baresip v1.0.0 (x86_64/linux)"], "baresip v1.0.0 (x86_64/linux) | unknown"),
            ([.server: "a\u{FFFF}/\u{FFFE}"], "a\u{FFFD} | \u{FFFD}"),
            ([.server: "/"], "error service-unavailable cancel"),
            ([.server: ""], "error service-unavailable cancel"),
            ([:], "error service-unavailable cancel"),
        ] as [(SIPHeaders, String)]
    )
    func `what a response says of its software`(_ headers: SIPHeaders, _ summary: String) {
        var scene = Scene()
        #expect(scene.ask().summary == "asks sip-edge")
        #expect(scene.end(1, .response(200, headers)).summary == summary)
    }

    @Test(
        arguments: [
            (.response(404, [.server: "proxy/1"]), "error item-not-found cancel"),
            (.response(480), "error recipient-unavailable wait"),
            (.response(405), "error feature-not-implemented cancel"),
            (.failed(Failure(.unreachable, "no address")), "error remote-server-not-found cancel"),
            (.failed(Failure(.deadline, "late")), "error remote-server-timeout wait"),
            (.busy(retryAfter: .seconds(2)), "busy 2.0 seconds"),
            (.ok(nil), "failed internal"),
            (.redirect(ServiceName("im")), "failed internal"),
        ] as [(Outcome, String)]
    )
    func `what becomes of a request that has no good end`(_ outcome: Outcome, _ summary: String) {
        var scene = Scene()
        _ = scene.ask()
        #expect(scene.end(1, outcome).summary == summary)
        #expect(scene.isOver)
    }

    @Test(
        arguments: [
            (.query(type: "set"), "failed unsupported"),
            (.query(type: "result"), "failed unsupported"),
            (.query(of: Namespace.ping), "failed unsupported"),
            (.query(to: "example.net"), "failed unsupported"),
            (.query(to: nil), "failed unsupported"),
            (.query(to: "@@"), "failed unsupported"),
            (.query(to: "romeo@192.0.2.1"), "error item-not-found cancel"),
            (Element("message", Namespace.client), "failed unsupported"),
        ] as [(Element, String)]
    )
    func `what is refused`(_ stanza: Element, _ summary: String) {
        var scene = Scene()
        #expect(scene.ask(1, stanza).summary == summary)
        #expect(scene.isOver)
    }

    @Test(arguments: [
        ("romeo@example.net/orchard", "sip:romeo@example.net;gr=orchard"),
        ("romeo@example.net/sip", "sip:romeo@example.net"),
        ("o\\27malley@example.net", "sip:o'malley@example.net"),
    ])
    func `a device is asked where one was named`(_ jid: String, _ uri: String) {
        var scene = Scene()
        guard case .deliver(let asked, to: _)? = scene.ask(1, .query(to: jid)).first,
            case .sipDispatch(let dispatch) = asked.payload
        else {
            Issue.record("nothing was asked")
            return
        }
        #expect(dispatch.request.uri.description == uri)
    }

    @Test func `an answer is known for a minute, and then nothing is left`() {
        var scene = Scene()
        _ = scene.ask(1)
        _ = scene.end(1, .response(200, [.server: "Linphone/5.2"]))
        #expect(!scene.isOver)
        scene.wait(.seconds(59))
        #expect(scene.ask(2).summary == "Linphone | 5.2")
        #expect(scene.ask(3, .query(to: "romeo@example.net/orchard")).summary == "asks sip-edge")
        _ = scene.end(3, .response(480))
        scene.wait(.seconds(2))
        #expect(scene.isOver)
        #expect(scene.lab.pendingTimers == 0)
        #expect(scene.ask(4).summary == "asks sip-edge")
    }

    @Test func `what comes again, or of nothing, is ignored`() {
        var scene = Scene()
        #expect(scene.ask().summary == "asks sip-edge")
        #expect(scene.ask().summary == "nothing")
        #expect(scene.end(2, .response(200)).summary == "nothing")
        #expect(scene.resume().summary == "nothing")
        #expect(scene.end(1, .response(480)).summary == "error recipient-unavailable wait")
        #expect(scene.end(1, .response(480)).summary == "nothing")
        #expect(scene.lab.ignored.count == 4)
    }

    /// The shard that the identifiers of these two people bear.
    private static var shard: String {
        let digits = String(Scene.key.shard, radix: 16)
        return digits.count == 1 ? "0\(digits)" : digits
    }
}
