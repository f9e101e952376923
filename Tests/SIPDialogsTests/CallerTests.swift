import SIPDialogs
import SIPGrammar
import Testing

/// Calls that we make (RFC 3261 section 13.2).
struct CallerTests {
    @Test func `a call rings, is answered and ends`() {
        var alice = Phone.caller()
        #expect(alice.say(.start(.named("offer"))) == ["> INVITE 1 [offer]"])
        #expect(alice.hear(100, tag: nil) == [])
        #expect(alice.hear(180) == ["! progress 180 b"])
        #expect(alice.hear(200, body: "answer") == ["! answered answer b", "> ACK 1", "! established b"])
        #expect(alice.say(.hangUp([.status(200)])) == ["> BYE 2"])
        #expect(alice.lastRequest.headers[.reason] == "SIP;cause=200;text=\"OK\"")
        #expect(alice.hear(200, to: .bye) == ["! ended hung up by us 200"])
        #expect(alice.session.hasEnded && !alice.session.isOver)
        #expect(alice.wait(40) == [])
        #expect(alice.session.isOver)
    }

    @Test func `the INVITE has all that it must have`() throws {
        var settings = SessionSettings()
        settings.headers = [.userAgent: "Causeway"]
        var alice = Phone.caller(
            settings,
            routes: [SIPNameAddress("<sip:proxy.example;lr>")!],
            headers: [.subject: "Lunch", .maxBreadth: "60"]
        )
        _ = alice.say(.start(.named("offer")))
        let invite = alice.lastRequest
        #expect(invite.uri.description == "sip:bob@b.example")
        #expect(
            invite.headers.fields.map { "\($0.name): \($0.value)" } == [
                "Route: <sip:proxy.example;lr>",
                "From: <sip:alice@a.example>;tag=a",
                "To: <sip:bob@b.example>",
                "Call-ID: call",
                "CSeq: 1 INVITE",
                "Contact: <sip:alice@gw.example;gr=1>",
                "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK, UPDATE, INFO, REFER, NOTIFY, MESSAGE",
                "Supported: 100rel, timer, replaces, norefersub",
                "Session-Expires: 1800;refresher=uac",
                "User-Agent: Causeway",
                "Subject: Lunch",
                "Max-Breadth: 60",
                "Content-Type: application/sdp",
            ]
        )
    }

    @Test func `a 2xx that comes again is acknowledged again, word for word`() {
        var alice = Phone.established()
        let first = alice.lastRequest
        #expect(alice.hear(200, body: "answer") == ["> ACK 1"])
        #expect(alice.lastRequest == first)
        _ = alice.say(.hangUp())
        #expect(alice.hear(200, body: "answer") == ["> ACK 1"])
        _ = alice.hear(200, to: .bye)
        #expect(alice.hear(200, body: "answer") == ["> ACK 1"])
    }

    @Test func `the first fork that answers wins, the others are acknowledged and left`() {
        var alice = Phone.caller()
        _ = alice.say(.start(.named("offer")))
        #expect(alice.hear(180, tag: "b1") == ["! progress 180 b1"])
        #expect(alice.hear(183, tag: "b2", body: "early") == ["! early early b2", "! progress 183 b2"])
        #expect(alice.session.dialogs.map(\.id.remoteTag) == ["b1", "b2"])
        #expect(
            alice.hear(200, tag: "b3", body: "answer")
                == ["! answered answer b3", "> ACK 1", "! established b3"]
        )
        #expect(alice.hear(200, tag: "b1", body: "other") == ["> ACK 1", "> BYE 2"])
        #expect(alice.lastRequest.uri.description == "sip:bob@b1.example")
        #expect(alice.hear(200, tag: "b1", body: "other") == ["> ACK 1"])
        #expect(alice.session.dialogs.map(\.id.remoteTag) == ["b3"])
        #expect(alice.say(.hangUp()) == ["> BYE 2"])
        #expect(alice.hear(200, to: .bye, tag: "b3") == ["! ended hung up by us"])
        #expect(alice.hear(200, tag: "b9", body: "late") == ["> ACK 1", "> BYE 2"])
    }

    @Test func `a fork may say that it has ended`() {
        var alice = Phone.caller()
        _ = alice.say(.start(.named("offer")))
        _ = alice.hear(180, tag: "b1")
        #expect(alice.hear(199, tag: "b1") == ["! fork ended b1"])
        #expect(alice.session.dialogs.isEmpty)
    }

    @Test func `more forks than there can be are passed over`() {
        var alice = Phone.caller()
        _ = alice.say(.start(.named("offer")))
        for fork in 0..<40 { _ = alice.hear(180, tag: "b\(fork)") }
        #expect(alice.session.dialogs.count == 16)
        #expect(alice.hear(200, tag: "new", body: "answer").last == "! established new")
        for fork in 0..<40 { _ = alice.hear(200, tag: "b\(fork)") }
        #expect(alice.sent.count { $0.request.method == .bye } == 16)
    }

    @Test(arguments: [302, 404, 486, 503, 603])
    func `a refusal ends the call`(status: Int) {
        var alice = Phone.caller()
        _ = alice.say(.start(.named("offer")))
        _ = alice.hear(180)
        #expect(alice.hear(status) == ["! ended refused \(status)"])
    }

    @Test func `no response at all ends the call`() {
        var alice = Phone.caller()
        _ = alice.say(.start(.named("offer")))
        #expect(alice.hearNothing(to: .invite) == ["! ended refused 408"])
    }

    @Test func `CANCEL waits for a provisional response`() {
        var alice = Phone.caller()
        _ = alice.say(.start(.named("offer")))
        #expect(alice.say(.hangUp([.status(408)])) == [])
        #expect(alice.hear(100, tag: nil) == ["> CANCEL 1"])
        #expect(alice.lastRequest.headers[.reason] == "SIP;cause=408;text=\"Request Timeout\"")
        #expect(alice.lastRequest.headers[.to] == "<sip:bob@b.example>")
        #expect(alice.hear(180) == [])
        #expect(alice.hear(487) == ["! ended cancelled by us 408"])
    }

    @Test func `a 2xx that crosses the CANCEL is acknowledged and left`() {
        var alice = Phone.caller()
        _ = alice.say(.start(.named("offer")))
        _ = alice.hear(180)
        #expect(alice.say(.hangUp()) == ["> CANCEL 1"])
        #expect(alice.hear(200, body: "answer") == ["> ACK 1", "> BYE 2"])
        #expect(alice.hear(200, body: "answer") == ["> ACK 1"])
        #expect(alice.hear(200, to: .bye) == ["! ended cancelled by us"])
    }

    @Test func `a call that was taken back ends without a final response too`() {
        var alice = Phone.caller()
        _ = alice.say(.start(.named("offer")))
        _ = alice.hear(180)
        _ = alice.say(.hangUp())
        #expect(alice.wait(40) == ["32.0: ! ended cancelled by us"])
        #expect(alice.hear(200, body: "answer") == ["> ACK 1", "> BYE 2"])
    }

    @Test func `an INVITE without an offer gets one in the 2xx and answers it in the ACK`() {
        var alice = Phone.caller()
        #expect(alice.say(.start(nil)) == ["> INVITE 1"])
        #expect(alice.hear(200, body: "offer") == ["! offered offer b"])
        #expect(alice.hear(200, body: "offer") == [])
        #expect(alice.say(.answer(.named("answer"))) == ["> ACK 1 [answer]", "! established b"])
        #expect(alice.hear(200, body: "offer") == ["> ACK 1 [answer]"])
        #expect(alice.session.isSettled)
    }

    @Test func `an offer in a 2xx that cannot be taken ends the call`() {
        var alice = Phone.caller()
        _ = alice.say(.start(nil))
        _ = alice.hear(200, body: "offer")
        #expect(alice.say(.refuse(488)) == ["> ACK 1", "> BYE 2"])
        #expect(alice.hear(200, to: .bye) == ["! ended rejected 488"])
    }

    @Test(arguments: [true, false])
    func `a 2xx without what it must have is acknowledged and left`(hasOffer: Bool) {
        var alice = Phone.caller()
        _ = alice.say(.start(hasOffer ? .named("offer") : nil))
        #expect(alice.hear(200) == ["> ACK 1", "> BYE 2"])
        #expect(alice.hear(200, to: .bye) == ["! ended no answer"])
    }

    @Test func `a call is made anew with a longer session interval`() {
        var alice = Phone.caller(SessionSettings())
        _ = alice.say(.start(.named("offer")))
        #expect(alice.hear(422, [.minSE: "3600"]) == ["> INVITE 2 [offer]"])
        #expect(alice.lastRequest.headers[.minSE] == "3600")
        #expect(alice.lastRequest.headers[.sessionExpires] == "3600;refresher=uac")
        #expect(alice.hear(422, [.minSE: "3600"]) == ["! ended refused 422"])
    }

    @Test func `the route set and the remote target are those of the 2xx`() {
        var alice = Phone.caller()
        _ = alice.say(.start(.named("offer")))
        _ = alice.hear(180, [.recordRoute: "<sip:p1.example;lr>"])
        _ = alice.hear(
            200,
            [.recordRoute: "<sip:p3.example;lr>, <sip:p2.example;lr>", .contact: "<sip:bob@new.example>"],
            body: "answer"
        )
        let ack = alice.lastRequest
        #expect(ack.uri.description == "sip:bob@new.example")
        #expect(ack.headers.all(.route) == ["<sip:p2.example;lr>", "<sip:p3.example;lr>"])
        #expect(ack.headers[.to] == "<sip:bob@b.example>;tag=b")
    }

    @Test func `a request may go out inside the only early dialog`() {
        var alice = Phone.caller()
        _ = alice.say(.start(.named("offer")))
        #expect(alice.say(.send(.info, reference: "x")) == ["! response 503 x"])
        _ = alice.hear(180)
        #expect(alice.say(.send(.info, reference: "y")) == ["> INFO 2"])
        #expect(alice.hear(481, to: .info) == ["! response 481 y"])
        _ = alice.hear(180, tag: "c")
        #expect(alice.say(.send(.info, reference: "z")) == ["! response 503 z"])
    }

    @Test func `a change that is wanted while it rings waits`() {
        var alice = Phone.caller()
        _ = alice.say(.start(.named("offer")))
        #expect(alice.say(.change(.named("hold"))) == [])
        #expect(
            alice.hear(200, body: "answer")
                == ["! answered answer b", "> ACK 1", "! established b", "> INVITE 2 [hold]"]
        )
    }

    @Test func `who hangs up while an offer waits acknowledges first`() {
        var alice = Phone.caller()
        _ = alice.say(.start(nil))
        _ = alice.hear(200, body: "offer")
        #expect(alice.say(.hangUp()) == ["> ACK 1", "> BYE 2"])
    }

    @Test func `what comes before the call or of another dialog is refused`() {
        var alice = Phone.caller()
        #expect(alice.get(.invite, 1, body: "offer") == ["< 481 INVITE"])
        _ = alice.say(.start(.named("offer")))
        _ = alice.hear(180)
        #expect(alice.get(.info, 1, from: "stranger") == ["< 481 INFO"])
        #expect(alice.get(.bye, 1, to: "stranger") == ["< 481 BYE"])
        #expect(alice.get(.info, 1) == ["! request INFO"])
        #expect(alice.say(.respond(alice.lastID, 200)) == ["< 200 INFO"])
    }
}
