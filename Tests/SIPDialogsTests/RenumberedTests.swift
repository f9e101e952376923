import SIPDialogs
import SIPGrammar
import Testing

/// Requests that had to be sent anew with credentials by whoever sends them (RFC 3261 section 22.2): their responses tell
/// which number they had in the end.
struct RenumberedTests {
    @Test func `an INVITE is acknowledged by the number that it had, and what follows has higher ones`() {
        var alice = Phone.caller()
        _ = alice.say(.start(.named("offer")))
        #expect(alice.hear(180, [.cSeq: "2 INVITE"]) == ["! progress 180 b"])
        #expect(
            alice.hear(200, [.cSeq: "2 INVITE"], body: "answer")
                == ["! answered answer b", "> ACK 2", "! established b"]
        )
        #expect(alice.hear(200, [.cSeq: "2 INVITE"], body: "answer") == ["> ACK 2"])
        #expect(alice.say(.hangUp()) == ["> BYE 3"])
    }

    @Test func `a CANCEL has the number that its INVITE has`() {
        var alice = Phone.caller()
        _ = alice.say(.start(.named("offer")))
        _ = alice.hear(180, [.cSeq: "3 INVITE"])
        #expect(alice.say(.hangUp()) == ["> CANCEL 3"])
    }

    @Test func `a fork that is left is acknowledged by that number too`() {
        var alice = Phone.caller()
        _ = alice.say(.start(.named("offer")))
        _ = alice.hear(200, tag: "b1", [.cSeq: "2 INVITE"], body: "answer")
        #expect(alice.hear(200, tag: "b2", [.cSeq: "2 INVITE"], body: "answer") == ["> ACK 2", "> BYE 3"])
    }

    @Test(arguments: ["0 INVITE", "1 INVITE", "10 INVITE", "4294967295 INVITE", "x"])
    func `what is no number of ours is passed over`(_ number: String) {
        var alice = Phone.caller()
        _ = alice.say(.start(.named("offer")))
        _ = alice.hear(200, [.cSeq: number], body: "answer")
        #expect(alice.lastRequest.headers[.cSeq] == "1 ACK")
        #expect(alice.say(.hangUp()) == ["> BYE 2"])
    }
}
