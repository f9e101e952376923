import Addressing
import BusContract
import SIPGrammar
import Testing
import XMPPGrammar

@Suite("Senders")
struct SenderTests {
    private func request(from: String, privacy: String? = nil) throws -> SIPRequest {
        var request = SIPRequest(.message, try #require(SIPURI("sip:juliet@example.com")))
        request.headers.append(.from, from)
        if let privacy { request.headers.append(.privacy, privacy) }
        return request
    }

    @Test(
        arguments: [
            ("\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=1", nil, true),
            ("<sip:x@Anonymous.Invalid>;tag=1", nil, true),
            ("<sip:romeo@example.net>;tag=1", nil, false),
            ("<sip:romeo@example.net>;tag=1", "none", false),
            ("<sip:romeo@example.net>;tag=1", "id", true),
            ("<sip:romeo@example.net>;tag=1", "critical; Header", true),
            ("<sip:romeo@example.net>;tag=1", "user;critical", true),
            ("<sip:romeo@example.net>;tag=1", "session", false),
            ("garbage", nil, false),
        ] as [(String, String?, Bool)]
    )
    func `who hides is known`(_ from: String, _ privacy: String?, _ isAnonymous: Bool) throws {
        #expect(Anonymity.covers(try request(from: from, privacy: privacy)) == isAnonymous)
    }

    @Test func `an anonymous sender has an address that leads nowhere`() throws {
        let jid = try Anonymity.jid(at: "gw.example")
        #expect(jid.description == "anonymous@gw.example")
        #expect(Anonymity.isAnonymous(try JID("anonymous@gw.example/x"), at: "GW.example"))
        #expect(!Anonymity.isAnonymous(try JID("anonymous@other.example"), at: "gw.example"))
        #expect(!Anonymity.isAnonymous(try JID("x@gw.example"), at: "gw.example"))
        let error = Anonymity.unreachable(by: "gw.example")
        #expect(error.condition == .itemNotFound && error.by == "gw.example")
        #expect(Anonymity.refusal(of: .subscribe)?.status == 433)
        #expect(Anonymity.refusal(of: .message) == nil)
    }

    @Test func `display names and nicknames are the same`() {
        let nick = DisplayName.nick("  Romeo\u{7}\r\n Montague ")
        #expect(nick?.text == "Romeo Montague")
        #expect(nick?.namespace == "http://jabber.org/protocol/nick")
        #expect(DisplayName.nick("\u{1} ") == nil)
        var stanza = Element("message", Namespace.client)
        #expect(DisplayName.from(stanza) == nil)
        stanza.append(Element("nick", Namespace.nick, text: "Ju\"liet\n\\"))
        #expect(DisplayName.from(stanza) == "Ju\"liet\\")
    }

    @Test func `a device has a resource`() throws {
        func resource(_ contact: String) throws -> String {
            DeviceResource.resource(of: try #require(SIPNameAddress(contact)))
        }
        #expect(
            try resource("<sip:romeo@example.net;gr=orch%20ard>;+sip.instance=\"<urn:uuid:1>\"") == "orch ard"
        )
        #expect(
            try resource("<sip:romeo@192.0.2.1>;+sip.instance=\"<urn:uuid:f81d4fae-7dec>\"")
                == "urn:uuid:f81d4fae-7dec"
        )
        let made = try resource("<sip:romeo@192.0.2.1:5062>")
        #expect(made.hasPrefix("sip-") && made.utf8.count == 14)
        #expect(try resource("<sip:romeo@192.0.2.1:5062>;expires=60") == made)
        #expect(try resource("<sip:romeo@192.0.2.1:5063>") != made)
        #expect(try resource("<sip:romeo@192.0.2.1:5062;gr=%00>").hasPrefix("sip-"))
        #expect(DeviceResource.account == "sip")
    }
}
