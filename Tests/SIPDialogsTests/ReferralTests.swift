import SIPDialogs
import SIPGrammar
import Testing

/// Calls that one end asks the other to make (RFC 3515, RFC 4488).
struct ReferralTests {
    private static let carol = SIPNameAddress("<sip:carol@c.example?Replaces=x%3Bto-tag%3D1%3Bfrom-tag%3D2>")!

    private static func report(_ state: String, _ number: Int? = 2) -> SIPHeaders {
        [
            .event: number.map { "refer;id=\($0)" } ?? "refer", .subscriptionState: state,
            .contentType: "message/sipfrag",
        ]
    }

    @Test func `a transfer is asked for and reported on`() {
        var alice = Phone.established()
        let referral = Referral(Self.carol, referredBy: "<sip:alice@a.example>")
        #expect(alice.say(.refer(referral, reference: "t")) == ["> REFER 2"])
        #expect(alice.lastRequest.headers[.referTo] == Self.carol.description)
        #expect(alice.lastRequest.headers[.referredBy] == "<sip:alice@a.example>")
        #expect(alice.hear(202, to: .refer) == ["! transfer accepted t"])
        #expect(
            alice.get(.notify, 1, Self.report("active;expires=60"), body: "SIP/2.0 180 Ringing\r\n")
                == ["< 200 NOTIFY", "! transfer status(180, \"Ringing\") t"]
        )
        #expect(
            alice.get(
                .notify,
                2,
                Self.report("terminated;reason=noresource", nil),
                body: "SIP/2.0 200 OK\r\n"
            )
                == [
                    "< 200 NOTIFY", "! transfer status(200, \"OK\") t", "! transfer ended(Optional(200)) t",
                ]
        )
        #expect(alice.get(.notify, 3, Self.report("active"), body: "SIP/2.0 200 OK\r\n") == ["< 481 NOTIFY"])
        #expect(alice.wait(300) == [])
    }

    @Test func `a report may be quicker than the response`() {
        var alice = Phone.established()
        _ = alice.say(.refer(Referral(Self.carol), reference: "t"))
        #expect(
            alice.get(.notify, 1, Self.report("active"), body: "SIP/2.0 100 Trying")
                == ["< 200 NOTIFY", "! transfer status(100, \"Trying\") t"]
        )
        #expect(alice.hear(200, to: .refer) == ["! transfer accepted t"])
    }

    @Test func `reports may be done without`() {
        var alice = Phone.established()
        _ = alice.say(.refer(Referral(Self.carol, wantsProgress: false), reference: "t"))
        #expect(alice.lastRequest.headers[.referSub] == "false")
        #expect(
            alice.hear(200, to: .refer, [.referSub: "false"])
                == ["! transfer accepted t", "! transfer ended(nil) t"]
        )
    }

    @Test func `a transfer may be refused, or never reported on`() {
        var alice = Phone.established()
        _ = alice.say(.refer(Referral(Self.carol), reference: "t"))
        #expect(alice.hear(603, to: .refer) == ["! transfer refused(603) t"])
        _ = alice.say(.refer(Referral(Self.carol), reference: "u"))
        _ = alice.hear(202, to: .refer)
        #expect(alice.wait(100) == ["64.0: ! transfer ended(nil) u"])
    }

    @Test func `what a report has to say must be there`() {
        var alice = Phone.established()
        _ = alice.say(.refer(Referral(Self.carol), reference: "t"))
        #expect(alice.get(.notify, 1) == ["< 489 NOTIFY"])
        #expect(alice.get(.notify, 2, [.event: "refer;id=9"]) == ["< 481 NOTIFY"])
        #expect(alice.get(.notify, 3, [.event: "refer;id=2"]) == ["< 400 NOTIFY"])
        #expect(alice.get(.notify, 4, [.event: "presence"]) == ["! request NOTIFY"])
        #expect(
            alice.get(.notify, 5, Self.report("active"), body: "garbage") == ["< 200 NOTIFY"]
        )
    }

    @Test func `we are asked, try and report`() {
        var bob = Phone.answered()
        #expect(
            bob.get(.refer, 2, [.referTo: "<sip:carol@c.example>", .referredBy: "<sip:alice@a.example>"])
                == ["! refer to sip:carol@c.example"]
        )
        let id = bob.lastID
        #expect(bob.say(.acceptReferral(id)) == ["< 200 REFER", "> NOTIFY 1 [SIP/2.0 100 Trying]"])
        #expect(bob.lastRequest.headers[.event] == "refer;id=2")
        #expect(bob.lastRequest.headers[.subscriptionState] == "active;expires=180")
        #expect(bob.lastRequest.headers[.contentType] == "message/sipfrag;version=2.0")
        #expect(bob.hear(200, to: .notify) == [])
        #expect(bob.say(.report(id, 180)) == ["> NOTIFY 2 [SIP/2.0 180 Ringing]"])
        #expect(bob.say(.report(id, 486, "Busy")) == ["> NOTIFY 3 [SIP/2.0 486 Busy]"])
        #expect(bob.lastRequest.headers[.subscriptionState] == "terminated;reason=noresource")
        #expect(bob.say(.report(id, 200)) == [])
    }

    @Test func `we need not report, and may refuse`() {
        var bob = Phone.answered()
        _ = bob.get(.refer, 2, [.referTo: "<sip:carol@c.example>", .referSub: "false"])
        #expect(bob.say(.acceptReferral(bob.lastID)) == ["< 200 REFER"])
        #expect(bob.lastResponse.headers[.referSub] == "false")
        _ = bob.get(.refer, 3, [.referTo: "<sip:carol@c.example>"])
        #expect(bob.say(.respond(bob.lastID, 603)) == ["< 603 REFER"])
        #expect(bob.say(.respond(bob.lastID, 603)) == [])
    }

    @Test func `a REFER must say to whom, once`() {
        var bob = Phone.answered()
        #expect(bob.get(.refer, 2) == ["< 400 REFER"])
        #expect(bob.get(.refer, 3, [.referTo: "<sip:a@b>", .referTo: "<sip:c@d>"]) == ["< 400 REFER"])
    }

    @Test func `whoever wants no more reports gets none`() {
        var bob = Phone.answered()
        _ = bob.get(.refer, 2, [.referTo: "<sip:carol@c.example>"])
        let id = bob.lastID
        _ = bob.say(.acceptReferral(id))
        #expect(bob.hear(481, to: .notify) == [])
        #expect(bob.say(.report(id, 200)) == [])
    }
}
