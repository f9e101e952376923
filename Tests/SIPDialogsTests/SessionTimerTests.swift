import SIPDialogs
import SIPGrammar
import Testing

/// Session timers (RFC 4028).
struct SessionTimerTests {
    private static let asked: SIPHeaders = [
        .supported: "timer", .sessionExpires: "1800;refresher=uac", .allow: "INVITE, UPDATE",
    ]

    @Test func `the caller refreshes half-way by UPDATE`() {
        var alice = Phone.established(
            SessionSettings(),
            [.sessionExpires: "1200;refresher=uac", .require: "timer", .allow: "INVITE, UPDATE"]
        )
        #expect(alice.wait(601) == ["600.0: > UPDATE 2"])
        #expect(alice.lastRequest.headers[.sessionExpires] == "1200;refresher=uac")
        #expect(alice.hear(200, to: .update, [.sessionExpires: "1200;refresher=uac"]) == [])
        #expect(alice.wait(601) == ["600.0: > UPDATE 3"])
    }

    @Test func `who knows no UPDATE is sent a re-INVITE with the same offer`() {
        var alice = Phone.established(SessionSettings(), [.sessionExpires: "1800;refresher=uac"])
        #expect(alice.wait(901) == ["900.0: > INVITE 2 [offer]"])
        #expect(alice.hear(200, body: "answer") == ["! answered answer b", "> ACK 2"])
    }

    @Test func `who knows no timers is refreshed by us`() {
        var alice = Phone.established(SessionSettings())
        #expect(alice.wait(900) == ["900.0: > INVITE 2 [offer]"])
    }

    @Test func `without a refresh the session ends before its interval does`() {
        var alice = Phone.established(SessionSettings(), [.sessionExpires: "1800;refresher=uas"])
        #expect(alice.wait(1800) == ["1768.0: > BYE 2"])
        #expect(alice.lastRequest.headers[.reason]?.contains("cause=408") == true)
        #expect(alice.hear(200, to: .bye) == ["! ended expired"])
    }

    @Test func `the callee takes what the caller asks for`() {
        var bob = Phone.answered(SessionSettings(), Self.asked)
        #expect(bob.given[0].headers[.sessionExpires] == "1800;refresher=uac")
        #expect(bob.given[0].headers[.require] == "timer")
        #expect(bob.wait(1000) == [])
        // The peer's refresh starts the interval anew.
        #expect(bob.get(.update, 2, Self.asked) == ["< 200 UPDATE"])
        #expect(bob.lastResponse.headers[.sessionExpires] == "1800;refresher=uac")
        #expect(bob.wait(1700) == [])
        #expect(bob.wait(100) == ["68.0: > BYE 1"])
    }

    /// What the caller says, and what it gets (RFC 4028 section 9, table 2).
    struct Negotiation: Sendable {
        let supports: Bool
        let asked: String?
        let minimum: String?
        let granted: String?

        init(_ supports: Bool, _ asked: String?, minimum: String? = nil, _ granted: String?) {
            self.supports = supports
            self.asked = asked
            self.minimum = minimum
            self.granted = granted
        }
    }

    private static let negotiations: [Negotiation] = [
        Negotiation(true, nil, "1800;refresher=uas"),
        Negotiation(true, "600", "600;refresher=uas"),
        Negotiation(true, "600;refresher=uac", "600;refresher=uac"),
        Negotiation(true, "9999;refresher=uas", "1800;refresher=uas"),
        Negotiation(true, "9999", minimum: "3600", "3600;refresher=uas"),
        Negotiation(false, nil, "1800;refresher=uas"),
        Negotiation(false, "600", "600;refresher=uas"),
        // Too short to be taken, and from one who would not understand 422.
        Negotiation(false, "10", nil),
    ]

    @Test(arguments: negotiations)
    func `who refreshes, and how often`(row: Negotiation) {
        var headers = SIPHeaders()
        if row.supports { headers.append(.supported, "timer") }
        if let asked = row.asked { headers.append(.sessionExpires, asked) }
        if let minimum = row.minimum { headers.append(.minSE, minimum) }
        let bob = Phone.answered(SessionSettings(), headers)
        #expect(bob.given[0].headers[.sessionExpires] == row.granted)
        #expect(bob.given[0].headers.contains(.require) == (row.supports && row.granted != nil))
    }

    @Test func `a refresh that is too short for somebody is made longer`() {
        var alice = Phone.established(
            SessionSettings(),
            [.sessionExpires: "600;refresher=uac", .allow: "UPDATE"]
        )
        _ = alice.wait(300)
        #expect(alice.hear(422, to: .update, [.minSE: "900"]) == ["> UPDATE 3"])
        #expect(alice.lastRequest.headers[.minSE] == "900")
        #expect(alice.lastRequest.headers[.sessionExpires] == "900;refresher=uac")
    }

    @Test func `a refresh that fails is tried again while there is time`() {
        var alice = Phone.established(
            SessionSettings(),
            [.sessionExpires: "400;refresher=uac", .allow: "UPDATE"]
        )
        #expect(alice.wait(200) == ["200.0: > UPDATE 2"])
        #expect(alice.hear(501 + 2, to: .update) == [])
        #expect(alice.wait(60) == ["50.0: > UPDATE 3"])
        #expect(alice.wait(200) == ["108.0: > BYE 4"])
    }

    @Test func `a change is a refresh too`() {
        var alice = Phone.established(SessionSettings(), [.sessionExpires: "400;refresher=uac"])
        _ = alice.wait(199)
        _ = alice.say(.change(.named("hold")))
        _ = alice.hear(200, [.sessionExpires: "400;refresher=uac"], body: "held")
        #expect(alice.wait(199) == [])
        #expect(alice.wait(2) == ["1.0: > INVITE 3 [hold]"])
    }
}
