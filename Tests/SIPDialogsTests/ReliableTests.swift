import SIPDialogs
import SIPGrammar
import Testing

/// Provisional responses that must not be lost (RFC 3262).
struct ReliableTests {
    private static let reliable: SIPHeaders = [.require: "100rel", .rSeq: "988789"]

    @Test func `a reliable response is acknowledged, and its answer is the answer`() {
        var alice = Phone.caller()
        _ = alice.say(.start(.named("offer")))
        #expect(
            alice.hear(183, Self.reliable, body: "answer")
                == ["> PRACK 2", "! answered answer b", "! progress 183 b"]
        )
        #expect(alice.lastRequest.headers[.rAck] == "988789 1 INVITE")
        #expect(alice.hear(200, to: .prack) == [])
        #expect(alice.hear(200) == ["> ACK 1", "! established b"])
    }

    @Test func `a repeat and what is out of order are passed over`() {
        var alice = Phone.caller()
        _ = alice.say(.start(.named("offer")))
        _ = alice.hear(180, Self.reliable)
        #expect(alice.hear(180, Self.reliable) == [])
        #expect(alice.hear(183, [.require: "100rel", .rSeq: "988791"]) == [])
        #expect(alice.hear(183, [.require: "100rel", .rSeq: "988790"]) == ["> PRACK 3", "! progress 183 b"])
        // Each fork counts for itself.
        #expect(
            alice.hear(180, tag: "c", [.require: "100rel", .rSeq: "1"]) == ["> PRACK 2", "! progress 180 c"]
        )
    }

    @Test func `no more PRACKs go out than could be answered`() {
        var alice = Phone.caller()
        _ = alice.say(.start(.named("offer")))
        for rSeq in 1...100 { _ = alice.hear(180, [.require: "100rel", .rSeq: "\(rSeq)"]) }
        #expect(alice.sent.count { $0.request.method == .prack } == 64)
    }

    @Test func `an offer in a reliable response is answered by its PRACK`() {
        var alice = Phone.caller()
        _ = alice.say(.start(nil))
        #expect(alice.hear(183, Self.reliable, body: "offer") == ["! offered offer b", "! progress 183 b"])
        #expect(alice.say(.answer(.named("answer"), fork: "b")) == ["> PRACK 2 [answer]"])
        _ = alice.hear(200, to: .prack)
        #expect(alice.hear(200) == ["> ACK 1", "! established b"])
        #expect(alice.session.isSettled)
    }

    @Test func `we repeat a reliable response until its PRACK comes`() throws {
        var bob = Phone.callee()
        _ = bob.get(.invite, 1, [.supported: "100rel"], body: "offer")
        #expect(bob.say(.progress(183, .named("answer"), reliably: true)) == ["< 183 INVITE [answer]"])
        #expect(bob.lastResponse.headers[.require] == "100rel")
        let rSeq = try #require(try bob.lastResponse.headers.rSeq())
        #expect(
            bob.wait(5) == [
                "0.5: < 183 INVITE [answer]", "1.5: < 183 INVITE [answer]", "3.5: < 183 INVITE [answer]",
            ]
        )
        #expect(bob.get(.prack, 2, [.rAck: "\(rSeq &+ 1) 1 INVITE"]) == ["< 481 PRACK"])
        #expect(bob.get(.prack, 3, [.rAck: "\(rSeq) 2 INVITE"]) == ["< 481 PRACK"])
        #expect(bob.get(.prack, 4) == ["< 481 PRACK"])
        #expect(bob.get(.prack, 5, [.rAck: "\(rSeq) 1 INVITE"]) == ["< 200 PRACK"])
        #expect(bob.get(.prack, 6, [.rAck: "\(rSeq) 1 INVITE"]) == ["< 481 PRACK"])
        #expect(bob.wait(60) == [])
        #expect(bob.say(.accept(nil)) == ["< 200 INVITE"])
    }

    @Test func `without a PRACK the call is refused`() {
        var bob = Phone.callee()
        _ = bob.get(.invite, 1, [.supported: "100rel"], body: "offer")
        _ = bob.say(.progress(180, reliably: true))
        let said = bob.wait(40)
        #expect(said.suffix(2) == ["32.0: < 504 INVITE", "32.0: ! ended provisional unacknowledged"])
        #expect(said.count == 8)
    }

    @Test func `a 2xx waits for the PRACK of an answer, and further responses for their turn`() throws {
        var bob = Phone.callee()
        _ = bob.get(.invite, 1, [.require: "100rel"], body: "offer")
        #expect(bob.say(.progress(183, .named("answer"))) == ["< 183 INVITE [answer]"])
        let rSeq = try #require(try bob.lastResponse.headers.rSeq())
        #expect(bob.say(.progress(180)) == [])
        #expect(bob.get(.prack, 2, [.rAck: "\(rSeq) 1 INVITE"]) == ["< 200 PRACK", "< 180 INVITE"])
        #expect(try bob.lastResponse.headers.rSeq() == rSeq + 1)
        #expect(bob.say(.accept(nil)) == ["< 200 INVITE"])
        var carol = Phone.callee()
        _ = carol.get(.invite, 1, [.require: "100rel"], body: "offer")
        _ = carol.say(.progress(183, .named("answer")))
        let other = try #require(try carol.lastResponse.headers.rSeq())
        #expect(carol.say(.accept(nil)) == [])
        #expect(carol.get(.prack, 2, [.rAck: "\(other) 1 INVITE"]) == ["< 200 PRACK", "< 200 INVITE"])
    }

    @Test func `an offer of ours in a reliable response is answered by its PRACK`() throws {
        var bob = Phone.callee()
        _ = bob.get(.invite, 1, [.require: "100rel"])
        // The first reliable response to an INVITE without an offer must have one.
        #expect(bob.say(.progress(180)) == [])
        #expect(bob.say(.progress(183, .named("offer"))) == ["< 183 INVITE [offer]"])
        let rSeq = try #require(try bob.lastResponse.headers.rSeq())
        #expect(
            bob.get(.prack, 2, [.rAck: "\(rSeq) 1 INVITE"], body: "answer")
                == ["< 200 PRACK", "! answered answer a"]
        )
        #expect(bob.say(.accept(nil)) == ["< 200 INVITE"])
        #expect(bob.get(.ack, 1) == ["! established a"])
    }

    @Test func `a PRACK without the answer ends the call`() throws {
        var bob = Phone.callee()
        _ = bob.get(.invite, 1, [.require: "100rel"])
        _ = bob.say(.progress(183, .named("offer")))
        let rSeq = try #require(try bob.lastResponse.headers.rSeq())
        #expect(
            bob.get(.prack, 2, [.rAck: "\(rSeq) 1 INVITE"])
                == ["< 200 PRACK", "< 488 INVITE", "! ended no answer"]
        )
    }

    @Test func `an offer in a PRACK is answered in its 2xx`() throws {
        var bob = Phone.callee()
        _ = bob.get(.invite, 1, [.require: "100rel"], body: "offer")
        _ = bob.say(.progress(183, .named("answer")))
        let rSeq = try #require(try bob.lastResponse.headers.rSeq())
        #expect(bob.get(.prack, 2, [.rAck: "\(rSeq) 1 INVITE"], body: "more") == ["! offered more a"])
        #expect(bob.say(.accept(nil)) == ["< 200 INVITE"])
        #expect(bob.say(.answer(.named("fine"))) == ["< 200 PRACK [fine]"])
    }

    @Test func `who does not know 100rel gets it unreliably`() {
        var bob = Phone.callee()
        _ = bob.get(.invite, 1, body: "offer")
        #expect(bob.say(.progress(183, .named("answer"), reliably: true)) == ["< 183 INVITE [answer]"])
        #expect(!bob.lastResponse.headers.contains(.rSeq))
        #expect(bob.wait(60) == [])
        #expect(bob.say(.accept(.named("answer"))) == ["< 200 INVITE [answer]"])
    }

    @Test func `the session changes before the call is answered`() throws {
        var alice = Phone.caller()
        _ = alice.say(.start(.named("offer")))
        var headers = Self.reliable
        headers.append(.allow, "INVITE, ACK, PRACK, UPDATE")
        _ = alice.hear(183, headers, body: "answer")
        #expect(alice.say(.change(.named("hold"))) == [])
        #expect(alice.hear(200, to: .prack) == ["> UPDATE 3 [hold]"])
        #expect(alice.hear(200, body: "") == ["> ACK 1", "! established b"])
        #expect(alice.hear(200, to: .update, body: "held") == ["! answered held b"])
    }
}
