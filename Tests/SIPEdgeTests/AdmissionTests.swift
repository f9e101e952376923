import BusContract
import MachineKit
import SIPEdge
import SIPGrammar
import SIPTransport
import Testing

struct AdmissionTests {
    private func verdict(
        _ draft: Draft,
        _ access: AccessRules = ServerDesk.access
    ) throws -> Admission.Verdict {
        var admission = Admission(access: access, isOurs: { $0.host == .name("gw.example") })
        return admission.verdict(on: try draft.received(), transaction: 1, at: WallTime(milliseconds: 0))
    }

    @Test(arguments: [
        (
            Draft().with { $0.via = "SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bK" },
            SIPAnswer(400, reason: "Bad Via Header")
        ),
        (
            Draft().with {
                $0.method = "REGISTER"
                $0.extra = "Contact: sip:romeo@sip.example?Route=%3Csip:sip.example%3E\r\n"
            },
            SIPAnswer(400, reason: "Bad Contact Header")
        ),
        (Draft().with { $0.maxForwards = "0" }, SIPAnswer(483)),
        (
            Draft().with { $0.extra = "Require: a, b\r\nRequire: c\r\n" },
            SIPAnswer(420, headers: [.unsupported: "a, b, c"])
        ),
        (
            Draft().with { $0.uri = "sips:juliet@wonder.example" },
            SIPAnswer(480, headers: [.warning: "380 causeway \"SIPS Not Allowed\""])
        ),
        (
            Draft().with { $0.to = "<sips:juliet@wonder.example>" },
            SIPAnswer(480, headers: [.warning: "380 causeway \"SIPS Not Allowed\""])
        ),
        (Draft().with { $0.uri = "http://wonder.example/" }, SIPAnswer(416)),
        (Draft().with { $0.uri = "tel:+15551234" }, SIPAnswer(404)),
        (
            Draft().with { $0.uri = "sip:mercutio@sip.example" },
            SIPAnswer(404, reason: "Domain Is Not Reached From Here")
        ),
        (Draft().with { $0.address = "192.0.2.1" }, SIPAnswer(403, reason: "Sender Not Trusted")),
        (
            Draft().with { $0.from = "<sip:a@elsewhere.example>;tag=1" },
            SIPAnswer(403, reason: "Sender's Domain Is Not Served")
        ),
        (Draft().with { $0.from = "<tel:+1555>;tag=1" }, SIPAnswer(403, reason: "Sender Not Identified")),
        (
            Draft().with { $0.extra = "P-Asserted-Identity: <sip:a@elsewhere.example>\r\n" },
            SIPAnswer(403, reason: "Sender's Domain Is Not Served")
        ),
        (
            Draft().with {
                $0.via +=
                    "\r\nVia: SIP/2.0/UDP x.example;branch=z9hG4bKx, SIP/2.0/UDP gw.example;branch=z9hG4bKy"
            },
            SIPAnswer(482)
        ),
        (
            Draft().with { $0.method = "SUBSCRIBE" },
            SIPAnswer(405, headers: [.allow: "MESSAGE, OPTIONS, CANCEL, ACK"])
        ),
        (
            Draft().with { $0.method = "INVITE" },
            SIPAnswer(405, headers: [.allow: "MESSAGE, OPTIONS, CANCEL, ACK"])
        ),
        (
            Draft().with { $0.method = "JUGGLE" },
            SIPAnswer(501, headers: [.allow: "MESSAGE, OPTIONS, CANCEL, ACK"])
        ),
        (
            Draft().with { $0.extra = "P-Asserted-Identity: <<\r\n" },
            SIPAnswer(400, reason: "Bad P-Asserted-Identity Header")
        ),
    ])
    func `refuses with the status that fits`(_ draft: Draft, _ answer: SIPAnswer) throws {
        guard case .refuse(let refusal) = try verdict(draft) else { return #expect(Bool(false), "admitted") }
        #expect(refusal.answer == answer)
    }

    @Test(arguments: [
        (Draft(), "sip:romeo@sip.example", "Romeo"),
        (Draft().with { $0.uri = "im:juliet@wonder.example" }, "sip:romeo@sip.example", "Romeo"),
        (
            Draft().with {
                $0.extra = "P-Asserted-Identity: <tel:+1555>, \"R. M.\" <sip:rm@sip.example>\r\n"
            },
            "sip:rm@sip.example", "R. M."
        ),
        (
            Draft().with { $0.extra = "P-Asserted-Identity: <sip:rm@sip.example>\r\n" }, "sip:rm@sip.example",
            "Romeo"
        ),
        (
            Draft().with {
                $0.from = "sip:a@anywhere.example;tag=1"
                $0.uri = "sip:juliet@HOSTED.example"
            },
            "sip:a@anywhere.example", nil
        ),
        (Draft().with { $0.extra = "Require:\r\nProxy-Require: x\r\n" }, "sip:romeo@sip.example", "Romeo"),
        (Draft().with { $0.maxForwards = nil }, "sip:romeo@sip.example", "Romeo"),
    ])
    func `lets cross who may, and believes a trusted peer about who that is`(
        _ draft: Draft,
        _ sender: String,
        _ name: String?
    ) throws {
        guard case .deliver(let parties) = try verdict(draft) else { return #expect(Bool(false), "refused") }
        #expect(parties.sender.uri.description == sender)
        #expect(parties.sender.displayName == name)
    }

    @Test func `answers OPTIONS whose Max-Forwards is 0 itself, whoever asks`() throws {
        let draft = Draft().with {
            $0.method = "OPTIONS"
            $0.maxForwards = "0"
            $0.address = "192.0.2.1"
        }
        #expect(try verdict(draft) == .options)
        let extended = draft.with { $0.extra = "Require: x\r\n" }
        let answer = SIPAnswer(420, headers: [.unsupported: "x"])
        #expect(try verdict(extended) == .refuse(Refusal(answer, .unsupported)))
    }

    @Test func `gives a conversation one key, whoever speaks and however it is spelt`() throws {
        let there = Draft().with { $0.uri = "sip:j%75liet@wonder.example" }
        let back = Draft().with {
            $0.from = "<sip:Juliet@wonder.example>;tag=1"
            $0.uri = "sip:ROMEO@sip.example;transport=tcp"
        }
        let open = AccessRules(domains: ["wonder.example"], foreignDomains: [])
        guard case .deliver(let one) = try verdict(there), case .deliver(let other) = try verdict(back, open)
        else {
            return #expect(Bool(false), "refused")
        }
        #expect(one.conversation == other.conversation)
        #expect(one.conversation.text == "juliet@wonder.example|romeo@sip.example")
    }
}

struct IPNetworkTests {
    @Test(arguments: [
        ("127.0.0.0/8", "127.255.0.1", true), ("127.0.0.0/8", "128.0.0.1", false), ("::1/128", "::1", true),
        ("::1/128", "::2", false), ("::1", "::1", true), ("192.0.2.7", "192.0.2.7", true),
        ("192.0.2.7", "192.0.2.6", false), ("2001:db8::/33", "2001:db8:7fff::1", true),
        ("2001:db8::/33", "2001:db8:8000::1", false), ("2001:db8::/65", "2001:db8::7fff:0:0:1", true),
        ("2001:db8::/65", "2001:db8::8000:0:0:1", false), ("0.0.0.0/0", "203.0.113.1", true),
        ("0.0.0.0/0", "2001:db8::1", false), ("::/0", "203.0.113.1", true),
        ("127.0.0.0/8", "::ffff:127.0.0.1", true),
    ])
    func `holds its addresses`(_ network: String, _ address: String, _ holds: Bool) throws {
        #expect(try #require(IPNetwork(network)).contains(#require(IPAddress(address))) == holds)
    }

    @Test(arguments: [
        "", "127.0.0.0/33", "::/129", "127.0.0.0/-1", "127.0.0.0/x", "localhost", "127.0.0.0/", "/8",
    ])
    func `refuses what is none`(_ text: String) {
        #expect(IPNetwork(text) == nil)
    }

    @Test(arguments: ["127.0.0.0/8", "::1/128", "2001:db8::/33"])
    func `prints as it is read`(_ text: String) {
        #expect(IPNetwork(text)?.description == text)
    }
}
