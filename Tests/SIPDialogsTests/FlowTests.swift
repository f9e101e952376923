import SIPDialogs
import SIPGrammar
import Testing

/// Whole calls, two sessions by hand, as the figures of the RFCs draw them.
struct FlowTests {
    /// Carries what one end has said last to the other.
    private static func carry(_ request: SIPRequest, to phone: inout Phone, as id: String) -> [String] {
        var arrived = request
        arrived.headers.prepend(.via, "SIP/2.0/TCP gw.example;branch=z9hG4bK\(id)")
        return phone.again(RequestID(id), arrived)
    }

    private static func carry(_ response: SIPResponse, to phone: inout Phone, _ method: SIPMethod) -> [String]
    {
        let headers = response.headers.fields.filter { ![.via, .from, .callID, .cSeq].contains($0.name) }
        var kept = SIPHeaders()
        for field in headers where field.name != .to { kept.append(field) }
        return phone.hear(
            response.status,
            to: method,
            kept,
            body: String(decoding: response.body, as: UTF8.self)
        )
    }

    @Test func `a call as in RFC 3261 figure 1`() {
        var (alice, bob) = (Phone.caller(), Phone.callee())
        _ = alice.say(.start(.named("offer")))
        #expect(Self.carry(alice.lastRequest, to: &bob, as: "1") == ["! invited [offer]"])
        _ = bob.say(.progress(180))
        #expect(Self.carry(bob.lastResponse, to: &alice, .invite) == ["! progress 180 b"])
        _ = bob.say(.accept(.named("answer")))
        #expect(
            Self.carry(bob.lastResponse, to: &alice, .invite)
                == ["! answered answer b", "> ACK 1", "! established b"]
        )
        #expect(Self.carry(alice.lastRequest, to: &bob, as: "2") == ["! established a"])
        _ = bob.say(.hangUp())
        #expect(Self.carry(bob.lastRequest, to: &alice, as: "3") == ["< 200 BYE", "! ended hung up by peer"])
        #expect(Self.carry(alice.lastResponse, to: &bob, .bye) == ["! ended hung up by us"])
    }

    @Test func `early media with reliable responses, and an UPDATE, as in RFC 3311 figure 1`() {
        var (alice, bob) = (Phone.caller(), Phone.callee())
        _ = alice.say(.start(.named("offer 1")))
        _ = Self.carry(alice.lastRequest, to: &bob, as: "1")
        #expect(bob.say(.progress(183, .named("answer 1"), reliably: true)) == ["< 183 INVITE [answer 1]"])
        #expect(
            Self.carry(bob.lastResponse, to: &alice, .invite)
                == ["> PRACK 2", "! answered answer 1 b", "! progress 183 b"]
        )
        #expect(Self.carry(alice.lastRequest, to: &bob, as: "2") == ["< 200 PRACK"])
        #expect(Self.carry(bob.lastResponse, to: &alice, .prack) == [])
        #expect(alice.say(.change(.named("offer 2"))) == ["> UPDATE 3 [offer 2]"])
        #expect(Self.carry(alice.lastRequest, to: &bob, as: "3") == ["! offered offer 2 a"])
        #expect(bob.say(.answer(.named("answer 2"))) == ["< 200 UPDATE [answer 2]"])
        #expect(Self.carry(bob.lastResponse, to: &alice, .update) == ["! answered answer 2 b"])
        #expect(bob.say(.change(.named("offer 3"))) == ["> UPDATE 1 [offer 3]"])
        #expect(Self.carry(bob.lastRequest, to: &alice, as: "4") == ["! offered offer 3 b"])
        #expect(alice.say(.answer(.named("answer 3"))) == ["< 200 UPDATE [answer 3]"])
        #expect(Self.carry(alice.lastResponse, to: &bob, .update) == ["! answered answer 3 a"])
        #expect(bob.say(.accept(nil)) == ["< 200 INVITE"])
        #expect(Self.carry(bob.lastResponse, to: &alice, .invite) == ["> ACK 1", "! established b"])
        #expect(Self.carry(alice.lastRequest, to: &bob, as: "5") == ["! established a"])
        #expect(bob.session.localDescription == .named("offer 3"))
        #expect(alice.session.peerDescription == .named("offer 3"))
    }

    @Test func `both change at once, as in RFC 6337 figure 10, and both come through`() {
        var (alice, bob) = (Phone.established(), Phone.answered())
        _ = alice.say(.change(.named("from alice")))
        _ = bob.say(.change(.named("from bob")))
        let (fromAlice, fromBob) = (alice.lastRequest, bob.lastRequest)
        #expect(Self.carry(fromAlice, to: &bob, as: "1") == ["< 491 INVITE"])
        #expect(Self.carry(fromBob, to: &alice, as: "2") == ["< 491 INVITE"])
        let (toAlice, toBob) = (bob.lastResponse, alice.lastResponse)
        #expect(Self.carry(toAlice, to: &alice, .invite) == [])
        #expect(Self.carry(toBob, to: &bob, .invite) == [])
        // The one who did not make the Call-ID is the first to try again.
        #expect(bob.wait(2.01).count == 1)
        #expect(alice.wait(2.01) == [])
        #expect(Self.carry(bob.lastRequest, to: &alice, as: "3") == ["! offered from bob b"])
        #expect(alice.say(.answer(.named("yes"))) == ["< 200 INVITE [yes]"])
        #expect(
            Self.carry(alice.lastResponse, to: &bob, .invite) == ["! answered yes a", "> ACK 2"]
        )
    }
}
