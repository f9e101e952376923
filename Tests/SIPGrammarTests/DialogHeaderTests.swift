import SIPGrammar
import Testing

/// The header fields of dialogs, sessions and subscriptions, by the examples of their RFCs.
struct DialogHeaderTests {
    @Test(arguments: [
        ("1800", SIPSessionExpires(1800)), ("4000;refresher=uac", SIPSessionExpires(4000, refresher: .uac)),
        ("90 ; Refresher=UAS", SIPSessionExpires(90, refresher: .uas)),
        ("90;refresher=both", SIPSessionExpires(90)), ("0", SIPSessionExpires(0)),
    ])
    func `Session-Expires has seconds and a refresher`(text: String, value: SIPSessionExpires) throws {
        #expect(try ([.sessionExpires: text] as SIPHeaders).sessionExpires() == value)
        #expect(try ([.sessionExpires: value.description] as SIPHeaders).sessionExpires() == value)
        #expect(try ([.minSE: text] as SIPHeaders).minSE() == value.seconds)
    }

    @Test(arguments: ["", "soon", "-1", "99999999999", "1 2"])
    func `Session-Expires is refused`(text: String) {
        #expect(throws: SIPSyntaxError.self) { try ([.sessionExpires: text] as SIPHeaders).sessionExpires() }
        #expect(throws: SIPSyntaxError.self) { try ([.minSE: text] as SIPHeaders).minSE() }
    }

    @Test func `RAck has two numbers and a method`() throws {
        let value = SIPRAck(response: 776_656, number: 1)
        #expect(try ([.rAck: "776656 1 INVITE"] as SIPHeaders).rAck() == value)
        #expect(SIPRAck(value.description) == value)
        for bad in ["", "1", "1 2", "1 INVITE", "4294967296 1 INVITE", "1 2 INVITE x", "a 1 INVITE"] {
            #expect(throws: SIPSyntaxError(.value, header: .rAck)) { try ([.rAck: bad] as SIPHeaders).rAck() }
        }
        #expect(throws: SIPSyntaxError(.duplicate, header: .rAck)) {
            try ([.rAck: "1 1 INVITE", .rAck: "1 1 INVITE"] as SIPHeaders).rAck()
        }
        #expect(try SIPHeaders().rAck() == nil)
        #expect(try ([.rSeq: "988789"] as SIPHeaders).rSeq() == 988_789)
    }

    @Test func `Reason has a cause and a text`() {
        let headers: SIPHeaders = [
            .reason: "SIP ;cause=200 ;text=\"Call completed elsewhere\", Q.850 ;cause=16",
            .reason: "Preemption",
        ]
        #expect(
            headers.reasons == [
                SIPReason("SIP", cause: 200, text: "Call completed elsewhere"), SIPReason("Q.850", cause: 16),
                SIPReason("Preemption", cause: nil),
            ]
        )
        #expect(headers.reasons.map(\.status) == [200, nil, nil])
        #expect(SIPReason.status(600).description == "SIP;cause=600;text=\"Busy Everywhere\"")
        #expect(([.reason: "\u{7F}"] as SIPHeaders).reasons == [])
    }

    @Test func `Replaces names a dialog by its tags`() throws {
        let text = "98732@sip.example.com;from-tag=r33th4x0r;to-tag=ff87ff;early-only"
        let value = SIPDialogReference(
            callID: "98732@sip.example.com",
            localTag: "ff87ff",
            remoteTag: "r33th4x0r",
            isEarlyOnly: true
        )
        #expect(try ([.replaces: text] as SIPHeaders).dialogReference(.replaces) == value)
        #expect(try ([.replaces: value.description] as SIPHeaders).dialogReference(.replaces) == value)
    }

    @Test func `Target-Dialog has other names for the tags`() throws {
        let value = SIPDialogReference(
            callID: "fa77as7dad8-sd98ajzz@host",
            localTag: "kkaz-",
            remoteTag: "6544"
        )
        let text = "fa77as7dad8-sd98ajzz@host;local-tag=kkaz-;remote-tag=6544"
        #expect(value.targetDialog == text)
        #expect(try ([.targetDialog: text] as SIPHeaders).dialogReference(.targetDialog) == value)
    }

    @Test(arguments: ["", "a", "a;to-tag=1", "a;to-tag;from-tag=2", "a;to-tag=1;to-tag=2;from-tag=3"])
    func `Replaces is refused`(text: String) {
        #expect(throws: SIPSyntaxError.self) {
            try ([.replaces: text] as SIPHeaders).dialogReference(.replaces)
        }
    }

    @Test func `Event has a package and an id`() throws {
        let value = SIPEvent("refer", id: "93809824")
        #expect(try ([.event: "refer;id=93809824"] as SIPHeaders).event() == value)
        #expect(try ([.event: "presence.winfo"] as SIPHeaders).event() == SIPEvent("presence.winfo"))
        #expect(value.description == "refer;id=93809824")
        #expect(try SIPHeaders().event() == nil)
    }

    @Test(arguments: [
        ("active;expires=600", SIPSubscriptionState.active(expires: 600)),
        ("pending; expires=60", .pending(expires: 60)),
        ("Terminated;Reason=Probation;retry-after=99", .terminated("probation", retryAfter: 99)),
        ("terminated", .terminated(nil)), ("active;expires=99999999999", .active(expires: .max)),
        ("active;expires=x", SIPSubscriptionState(.active)),
        ("asleep", SIPSubscriptionState(.other("asleep"))),
    ])
    func `Subscription-State has a state and its reason`(text: String, value: SIPSubscriptionState) throws {
        #expect(try ([.subscriptionState: text] as SIPHeaders).subscriptionState() == value)
        #expect(try ([.subscriptionState: value.description] as SIPHeaders).subscriptionState() == value)
    }

    @Test func `a list has a token in any case`() {
        let headers: SIPHeaders = [.supported: "timer, 100rel", .supported: "Replaces"]
        #expect(headers.lists("100REL", in: .supported) && headers.lists("replaces", in: .supported))
        #expect(!headers.lists("100", in: .supported) && !headers.lists("timer", in: .require))
    }

    @Test func `a URI brings header fields along`() throws {
        let text =
            "sip:alice@b.example?Replaces=12345%40118.example%3Bto-tag%3D12345%3Bfrom-tag%3D5FFE-3994&Accept-Contact=%2A"
        let uri = try #require(SIPURI(text))
        #expect(uri.embeddedHeaders[.replaces] == "12345@118.example;to-tag=12345;from-tag=5FFE-3994")
        #expect(uri.embeddedHeaders[.acceptContact] == "*")
        var again = try #require(SIPURI("sip:alice@b.example"))
        again.embeddedHeaders = uri.embeddedHeaders
        #expect(again.embeddedHeaders == uri.embeddedHeaders)
        #expect(SIPURI(again.description) == again)
        #expect(try #require(SIPURI("sip:a@b?x&=y&z=1%0D%0A")).embeddedHeaders.fields.count == 1)
        again.embeddedHeaders = SIPHeaders()
        #expect(again.headers == nil)
    }
}
