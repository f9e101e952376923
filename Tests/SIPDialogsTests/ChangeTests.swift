import SIPDialogs
import SIPGrammar
import Testing

/// Changes of an established session (RFC 3261 section 14, RFC 3311, RFC 6337).
struct ChangeTests {
    private static let update: SIPHeaders = [.allow: "INVITE, UPDATE"]

    @Test func `a change goes out in a re-INVITE`() {
        var alice = Phone.established()
        #expect(alice.say(.change(.named("hold"))) == ["> INVITE 2 [hold]"])
        #expect(alice.lastRequest.headers[.to] == "<sip:bob@b.example>;tag=b")
        #expect(alice.lastRequest.headers[.contact] == "<sip:alice@gw.example;gr=1>")
        #expect(alice.hear(100, tag: nil) == [])
        #expect(
            alice.hear(200, [.contact: "<sip:moved@b.example>"], body: "held") == [
                "! answered held b", "> ACK 2",
            ]
        )
        #expect(alice.lastRequest.uri.description == "sip:moved@b.example")
        #expect(alice.hear(200, body: "held") == ["> ACK 2"])
    }

    @Test func `a prompt change goes out in an UPDATE if the peer has it`() {
        var alice = Phone.established(.quiet, Self.update)
        #expect(alice.say(.change(.named("hold"), promptly: true)) == ["> UPDATE 2 [hold]"])
        #expect(alice.hear(200, to: .update, body: "held") == ["! answered held b"])
        var other = Phone.established()
        #expect(other.say(.change(.named("hold"), promptly: true)) == ["> INVITE 2 [hold]"])
    }

    @Test func `one change at a time, and the latest counts`() {
        var alice = Phone.established()
        _ = alice.say(.change(.named("one")))
        #expect(alice.say(.change(.named("two"))) == [])
        #expect(alice.say(.change(.named("three"))) == [])
        #expect(alice.hear(200, body: "ok") == ["! answered ok b", "> ACK 2", "> INVITE 3 [three]"])
    }

    @Test func `a change that is refused leaves the session as it was`() {
        var alice = Phone.established()
        _ = alice.say(.change(.named("video")))
        #expect(alice.hear(488) == ["! change refused 488"])
        #expect(alice.session.isSettled)
        #expect(alice.say(.hangUp()) == ["> BYE 3"])
    }

    @Test(arguments: [408, 481, 404, 480, 502])
    func `a failure that ends the dialog ends the session`(status: Int) {
        var alice = Phone.established()
        _ = alice.say(.change(.named("video")))
        #expect(alice.hear(status) == ["> BYE 3"])
        #expect(alice.hear(481, to: .bye) == ["! ended lost \(status)"])
    }

    @Test func `after a collision the maker of the Call-ID waits longer`() {
        var alice = Phone.established()
        _ = alice.say(.change(.named("hold")))
        #expect(alice.get(.invite, 1, body: "their hold") == ["< 491 INVITE"])
        #expect(alice.hear(491) == [])
        #expect(alice.wait(2.09) == [])
        #expect(alice.wait(2).map { $0.split(separator: " ", maxSplits: 1)[1] } == ["> INVITE 3 [hold]"])
        var bob = Phone.answered()
        _ = bob.say(.change(.named("hold")))
        #expect(bob.hear(491) == [])
        #expect(bob.wait(2.01).map { $0.split(separator: " ", maxSplits: 1)[1] } == ["> INVITE 2 [hold]"])
    }

    @Test func `the peer's change is taken while ours pauses`() {
        var alice = Phone.established()
        _ = alice.say(.change(.named("hold")))
        _ = alice.hear(491)
        #expect(alice.get(.invite, 1, body: "offer 2") == ["! offered offer 2 b"])
        // Ours must not cross it.
        #expect(alice.wait(4) == [])
        #expect(alice.say(.answer(.named("answer 2"))) == ["< 200 INVITE [answer 2]"])
        #expect(alice.get(.ack, 1) == ["> INVITE 3 [hold]"])
    }

    @Test func `a change is not offered for ever`() {
        var alice = Phone.established()
        _ = alice.say(.change(.named("hold")))
        for _ in 0..<7 {
            #expect(alice.hear(491) == [])
            #expect(alice.wait(4).count == 1)
        }
        #expect(alice.hear(491) == ["! change refused 491"])
    }

    @Test func `a server that is busy is asked again when it says`() {
        var alice = Phone.established()
        _ = alice.say(.change(.named("hold")))
        #expect(alice.hear(500, [.retryAfter: "7"]) == [])
        #expect(alice.wait(10) == ["7.0: > INVITE 3 [hold]"])
        #expect(alice.hear(500) == ["! change refused 500"])
    }

    @Test func `the peer changes the session by re-INVITE`() {
        var bob = Phone.answered()
        #expect(bob.get(.invite, 2, [.contact: "<sip:new@a.example>"], body: "hold") == ["! offered hold a"])
        #expect(bob.say(.answer(.named("held"))) == ["< 200 INVITE [held]"])
        #expect(bob.wait(1) == ["0.5: < 200 INVITE [held]"])
        #expect(bob.get(.ack, 2) == [])
        _ = bob.say(.hangUp())
        #expect(bob.lastRequest.uri.description == "sip:new@a.example")
    }

    @Test func `a change of the peer's that is refused changes nothing`() {
        var bob = Phone.answered()
        _ = bob.get(.invite, 2, [.contact: "<sip:new@a.example>"], body: "hold")
        #expect(bob.say(.refuse(488)) == ["< 488 INVITE"])
        _ = bob.say(.hangUp())
        #expect(bob.lastRequest.uri.description == "sip:peer@peer.example")
    }

    @Test func `a change of the peer's may be taken back`() {
        var bob = Phone.answered()
        _ = bob.get(.invite, 2, body: "hold")
        #expect(bob.get(.cancel, 2) == ["< 200 CANCEL", "< 487 INVITE", "! offer withdrawn"])
        #expect(bob.say(.answer(.named("late"))) == [])
    }

    @Test func `a re-INVITE without an offer asks for one`() {
        var bob = Phone.answered()
        #expect(bob.get(.invite, 2) == ["! offer wanted"])
        #expect(bob.say(.answer(.named("offer 2"))) == ["< 200 INVITE [offer 2]"])
        #expect(bob.get(.update, 3, body: "crossing") == ["< 491 UPDATE"])
        #expect(bob.get(.invite, 4, body: "crossing") == ["< 500 INVITE"])
        #expect(bob.get(.ack, 2, body: "answer 2") == ["! answered answer 2 a"])
    }

    @Test func `the peer changes the session by UPDATE`() {
        var bob = Phone.answered()
        #expect(bob.get(.update, 2, body: "hold") == ["! offered hold a"])
        #expect(bob.get(.update, 3) == ["< 500 UPDATE"])
        #expect(bob.lastResponse.headers[.retryAfter] != nil)
        #expect(bob.get(.invite, 4, body: "crossing") == ["< 500 INVITE"])
        #expect(bob.say(.answer(.named("held"))) == ["< 200 UPDATE [held]"])
        #expect(bob.get(.update, 5) == ["< 200 UPDATE"])
    }

    @Test func `an offer in an UPDATE does not wait for people`() {
        var bob = Phone.answered()
        _ = bob.get(.update, 2, body: "video")
        #expect(bob.wait(25) == ["20.0: < 504 UPDATE", "20.0: ! offer withdrawn"])
        #expect(bob.get(.update, 3, body: "video") == ["! offered video a"])
    }

    @Test func `an UPDATE that crosses ours is refused`() {
        var alice = Phone.established(.quiet, Self.update)
        _ = alice.say(.change(.named("hold"), promptly: true))
        #expect(alice.get(.update, 1, body: "their hold") == ["< 491 UPDATE"])
        #expect(alice.get(.invite, 2, body: "their hold") == ["< 491 INVITE"])
        #expect(alice.get(.update, 3) == ["< 200 UPDATE"])
    }

    @Test func `a BYE closes what is open`() {
        var bob = Phone.answered()
        _ = bob.get(.invite, 2, body: "hold")
        #expect(bob.get(.bye, 3) == ["< 200 BYE", "< 487 INVITE", "! ended hung up by peer"])
        var alice = Phone.established()
        _ = alice.say(.change(.named("hold")))
        #expect(alice.say(.hangUp()) == ["> BYE 3"])
        // What crosses the BYE is acknowledged all the same.
        #expect(alice.hear(200, body: "held") == ["> ACK 2"])
        #expect(alice.get(.bye, 1) == ["< 200 BYE", "! ended hung up by us"])
        #expect(alice.hear(200, to: .bye) == [])
    }

    @Test func `what is out of order is refused`() {
        var bob = Phone.answered()
        #expect(bob.get(.info, 9) == ["! request INFO"])
        #expect(bob.get(.info, 8) == ["< 500 INFO"])
        #expect(bob.get(.info, 9) == ["< 500 INFO"])
        #expect(bob.get(SIPMethod("FROB"), 10) == ["< 405 FROB"])
        #expect(bob.lastResponse.headers[.allow]?.contains("UPDATE") == true)
        #expect(bob.get(.info, 11, [.require: "magic"]) == ["< 420 INFO"])
        #expect(bob.get(.options, 12) == ["< 200 OPTIONS"])
        #expect(bob.get(.ack, 77) == [])
    }

    @Test func `requests of the owner's own go both ways`() {
        var alice = Phone.established()
        #expect(alice.say(.send(.info, reference: "dtmf", body: [49])) == ["> INFO 2 [1]"])
        #expect(alice.hear(200, to: .info) == ["! response 200 dtmf"])
        #expect(alice.say(.send(.bye, reference: "no")) == ["! response 503 no"])
        #expect(alice.say(.send(.info, reference: "gone")) == ["> INFO 3"])
        #expect(alice.hear(481, to: .info) == ["! response 481 gone", "> BYE 4"])
    }

    @Test func `no more requests are kept than the owner could answer`() {
        var bob = Phone.answered()
        for number in 2..<34 { #expect(bob.get(.info, number) == ["! request INFO"]) }
        #expect(bob.get(.info, 40) == ["< 500 INFO"])
    }
}
