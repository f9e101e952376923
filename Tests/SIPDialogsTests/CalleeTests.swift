import SIPDialogs
import SIPGrammar
import Testing

/// Calls that we get (RFC 3261 section 13.3).
struct CalleeTests {
    @Test func `a call rings, is taken and ends`() {
        var bob = Phone.callee()
        #expect(bob.get(.invite, 1, body: "offer") == ["! invited [offer]"])
        #expect(bob.say(.progress(180)) == ["< 180 INVITE"])
        #expect(bob.lastResponse.headers[.to] == "<sip:bob@b.example>;tag=b")
        #expect(bob.lastResponse.headers[.contact] == "<sip:bob@gw.example>")
        #expect(bob.say(.accept(.named("answer"))) == ["< 200 INVITE [answer]"])
        #expect(bob.get(.ack, 1) == ["! established a"])
        #expect(bob.get(.bye, 2, [.reason: "SIP;cause=486"]) == ["< 200 BYE", "! ended hung up by peer 486"])
        #expect(bob.get(.info, 3) == ["< 481 INFO"])
    }

    @Test func `a 2xx is repeated until its ACK comes`() {
        var bob = Phone.callee()
        _ = bob.get(.invite, 1, body: "offer")
        _ = bob.say(.accept(.named("answer")))
        #expect(
            bob.wait(8) == [
                "0.5: < 200 INVITE [answer]", "1.5: < 200 INVITE [answer]",
                "3.5: < 200 INVITE [answer]", "7.5: < 200 INVITE [answer]",
            ]
        )
        #expect(bob.get(.ack, 1) == ["! established a"])
        #expect(bob.wait(60) == [])
    }

    @Test func `a 2xx that is never acknowledged ends in a BYE`() {
        var bob = Phone.callee()
        _ = bob.get(.invite, 1, body: "offer")
        _ = bob.say(.accept(.named("answer")))
        let said = bob.wait(33)
        #expect(said.count == 11)
        #expect(said.last == "32.0: > BYE 1")
        #expect(bob.hear(200, to: .bye) == ["! ended unacknowledged"])
    }

    @Test func `no BYE goes out before the ACK`() {
        var bob = Phone.callee()
        _ = bob.get(.invite, 1, body: "offer")
        _ = bob.say(.accept(.named("answer")))
        #expect(bob.say(.hangUp([.status(480)])) == [])
        #expect(bob.get(.ack, 1) == ["! established a", "> BYE 1"])
        #expect(bob.hear(200, to: .bye) == ["! ended hung up by us 480"])
    }

    @Test func `what goes out before the ACK may be too early for the peer`() {
        var bob = Phone.callee()
        _ = bob.get(.invite, 1, body: "offer")
        _ = bob.say(.accept(.named("answer")))
        _ = bob.say(.send(.info, reference: "x"))
        #expect(bob.hear(481, to: .info) == ["! response 481 x"])
        #expect(bob.get(.ack, 1) == ["! established a"])
    }

    @Test func `who hangs up before the call is answered refuses it`() {
        var bob = Phone.callee()
        #expect(bob.say(.hangUp()) == [])
        _ = bob.get(.invite, 1, body: "offer")
        #expect(bob.say(.hangUp()) == ["< 480 INVITE", "! ended rejected 480"])
    }

    @Test func `a CANCEL is answered, and the INVITE with 487`() {
        var bob = Phone.callee()
        _ = bob.get(.invite, 1, body: "offer")
        _ = bob.say(.progress(180))
        #expect(
            bob.get(.cancel, 1, [.reason: "SIP;cause=200"], to: "")
                == ["< 200 CANCEL", "< 487 INVITE", "! ended cancelled by peer 200"]
        )
    }

    @Test func `a CANCEL that is late changes nothing`() {
        var bob = Phone.answered()
        #expect(bob.get(.cancel, 1, to: "") == ["< 200 CANCEL"])
        #expect(bob.get(.cancel, 7, to: "") == ["< 481 CANCEL"])
        #expect(!bob.session.hasEnded)
    }

    @Test func `a refusal has what the owner says`() {
        var bob = Phone.callee()
        _ = bob.get(.invite, 1, body: "offer")
        #expect(
            bob.say(.reject(488, headers: [.warning: "304 gw \"no media\""]))
                == ["< 488 INVITE", "! ended rejected 488"]
        )
        #expect(bob.lastResponse.headers[.warning] == "304 gw \"no media\"")
        #expect(bob.say(.reject(486)) == [])
    }

    @Test func `an INVITE without an offer gets one in the 2xx`() {
        var bob = Phone.callee()
        #expect(bob.get(.invite, 1) == ["! invited"])
        #expect(bob.say(.accept(nil)) == [])
        #expect(bob.say(.accept(.named("offer"))) == ["< 200 INVITE [offer]"])
        #expect(bob.get(.ack, 1, body: "answer") == ["! established a", "! answered answer a"])
    }

    @Test func `an ACK without the answer ends the call`() {
        var bob = Phone.callee()
        _ = bob.get(.invite, 1)
        _ = bob.say(.accept(.named("offer")))
        #expect(bob.get(.ack, 1) == ["! established a", "> BYE 1"])
        #expect(bob.hear(200, to: .bye) == ["! ended no answer"])
    }

    @Test func `an early dialog is left by BYE`() {
        var bob = Phone.callee()
        _ = bob.get(.invite, 1, body: "offer")
        _ = bob.say(.progress(180))
        #expect(bob.get(.bye, 2) == ["< 200 BYE", "< 487 INVITE", "! ended hung up by peer"])
    }

    private static let refused: [Refused] = [
        Refused(420, .require, "100rel, foo, Bar"), Refused(400, .contact, ""),
        Refused(400, .contact, "nonsense"), Refused(400, .contact, "<tel:+1>"),
        Refused(422, .sessionExpires, "60"), Refused(415, .contentType, "text/plain"),
        Refused(415, .contentDisposition, "render"), Refused(415, .contentEncoding, "gzip"),
        Refused(
            400,
            .recordRoute,
            Array(repeating: "<sip:p.example;lr>", count: 33).joined(separator: ", ")
        ),
    ]

    @Test(arguments: refused)
    func `an INVITE out of order is refused`(wrong: Refused) {
        var bob = Phone.callee()
        var headers: SIPHeaders = [.supported: "timer"]
        headers.append(wrong.name, wrong.value)
        let said = bob.get(.invite, 1, headers, body: "offer")
        #expect(said == ["< \(wrong.status) INVITE", "! ended rejected \(wrong.status)"])
    }

    @Test func `a body that need not be understood is passed over`() {
        var bob = Phone.callee()
        let headers: SIPHeaders = [
            .contentType: "application/isup", .contentDisposition: "signal;handling=optional",
        ]
        #expect(bob.get(.invite, 1, headers, body: "x") == ["! invited"])
    }

    @Test func `what is not supported is named`() {
        var bob = Phone.callee()
        _ = bob.get(.invite, 1, [.require: "100rel, foo, Bar"], body: "offer")
        #expect(bob.lastResponse.headers[.unsupported] == "foo, Bar")
        var carol = Phone.callee()
        _ = carol.get(.invite, 1, [.sessionExpires: "60", .supported: "timer"], body: "offer")
        #expect(carol.lastResponse.headers[.minSE] == "90")
    }

    @Test func `a request that is told twice is answered once`() {
        var bob = Phone.callee()
        let invite = bob.request(.invite, 1, body: "offer")
        #expect(bob.again(RequestID("x"), invite) == ["! invited [offer]"])
        #expect(bob.again(RequestID("x"), invite) == [])
        #expect(bob.say(.accept(.named("answer"))) == ["< 200 INVITE [answer]"])
    }

    @Test func `responses that make a dialog have the Record-Route of the request`() {
        var bob = Phone.callee()
        _ = bob.get(
            .invite,
            1,
            [.recordRoute: "<sip:p1.example;lr>", .recordRoute: "<sip:p2.example;lr>"],
            body: "offer"
        )
        _ = bob.say(.accept(.named("answer")))
        #expect(bob.lastResponse.headers.all(.recordRoute) == ["<sip:p1.example;lr>", "<sip:p2.example;lr>"])
        _ = bob.get(.ack, 1)
        _ = bob.say(.hangUp())
        #expect(bob.lastRequest.headers.all(.route) == ["<sip:p1.example;lr>", "<sip:p2.example;lr>"])
        #expect(bob.lastRequest.headers[.from] == "<sip:bob@b.example>;tag=b")
        #expect(bob.lastRequest.headers[.to] == "<sip:alice@a.example>;tag=a")
        #expect(bob.lastRequest.uri.description == "sip:peer@peer.example")
    }
}
