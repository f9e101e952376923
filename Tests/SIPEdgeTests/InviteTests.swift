import BusContract
import MachineKit
import SIPEdge
import SIPGrammar
import SIPTransport
import Testing

/// A gateway with calls: INVITEs are delivered, and answered as often as whoever takes them likes.
struct InviteTests {
    private static let audio = ServiceName("audio")
    private static let presence = ServiceName("presence")
    private static let local = "a3f-0123456789abcdef0123456789abcdef.x1"
    private static let sdp = "v=0\r\nm=audio 4000 RTP/AVP 0\r\n"

    private static let offers = [
        ServiceOffer(.instantMessaging, claims: [SIPClaim(.message), SIPClaim(.invite, .media("message"))]),
        ServiceOffer(
            audio,
            letter: "a",
            claims: [SIPClaim(.invite, .media("audio"), keying: .byDialog)],
            allow: [.bye, .prack, .update],
            accept: ["application/sdp"],
            supported: ["100rel", "timer"]
        ),
        ServiceOffer(presence, letter: "p", claims: [SIPClaim(.subscribe, .event("presence"))]),
    ]

    private static let invite = Draft().with {
        $0.method = "INVITE"
        $0.body = sdp
        $0.extra = "Contact: <sip:romeo@127.0.0.1:5070>\r\nRecord-Route: <sip:p1.example;lr>\r\n"
    }

    private let desk = ServerDesk()

    init() { desk.courier.offers = Self.offers }

    /// What the service that took the first INVITE responds.
    private func respond(_ status: Int, _ headers: SIPHeaders = [:], body: String = "") throws -> [String] {
        let before = desk.sent.count
        var response = SIPResponse(status, headers: headers, body: Array(body.utf8))
        response.headers[.to] = "<sip:juliet@wonder.example>;tag=\(Self.local)"
        let id = try #require(desk.courier.sendings.first).delivery.id
        #expect(desk.server.respond(SIPResponding(to: id, response)))
        return Array(desk.sent[before...])
    }

    @Test func `an INVITE goes to the service of its media, and its responses come one by one`() throws {
        #expect(try desk.receive(Self.invite).isEmpty)
        let sending = try #require(desk.courier.sendings.first)
        #expect(sending.service == Self.audio)
        #expect(sending.delivery.key.text == "a@b 1")
        #expect(desk.arrival(0)?.edge == ServiceName("sip-edge@edge-1"))
        desk.courier.end(0, .ok(nil))
        #expect(desk.sent.isEmpty)
        #expect(desk.wait(.milliseconds(300)).map(\.text.status) == [100])
        let ringing = try respond(180, [.contact: "<sip:juliet@edge.invalid>"])
        #expect(ringing.map(\.status) == [180])
        let text = try #require(ringing.first)
        #expect(text.field("To") == "<sip:juliet@wonder.example>;tag=\(Self.local)")
        #expect(text.field("Record-Route") == "<sip:p1.example;lr>")
        #expect(text.field("Contact") == "<sip:juliet@gw.example:5060>")
        #expect(try desk.receive(Self.invite) == ringing)
        let ok = try respond(200, body: Self.sdp)
        #expect(ok.map(\.status) == [200])
        #expect(ok.first?.hasSuffix("\r\n\r\n\(Self.sdp)") == true)
        #expect(try respond(200, body: Self.sdp) == ok)
        #expect(try respond(486).isEmpty)
        #expect(desk.courier.sendings.count == 1)
    }

    @Test(arguments: [
        ("v=0\r\nm=message 2855 TCP/MSRP *\r\n", ServiceName.instantMessaging),
        ("v=0\r\nm=audio 0 RTP/AVP 0\r\nm=message 2855 TCP/MSRP *\r\n", .instantMessaging),
        ("v=0\r\nm=video 4002 RTP/AVP 31\r\nm=audio 4000 RTP/AVP 0\r\n", Self.audio), ("", Self.audio),
    ])
    func `the description says whom an INVITE is for`(_ body: String, _ service: ServiceName) throws {
        #expect(try desk.receive(Self.invite.with { $0.body = body }).isEmpty)
        #expect(desk.courier.sendings.map(\.service) == [service])
    }

    @Test(arguments: [
        (invite.with { $0.body = "v=0\r\nm=video 4002 RTP/AVP 31\r\n" }, 488, "Warning"),
        (
            Draft().with {
                $0.method = "SUBSCRIBE"
                $0.extra = "Event: dialog;id=1\r\n"
            }, 489, "Allow-Events"
        ),
        (Draft().with { $0.method = "PUBLISH" }, 405, "Allow"),
        (Draft().with { $0.method = "DANCE" }, 501, "Allow"),
        (invite.with { $0.extra += "Require: 100rel, replaces\r\n" }, 420, "Unsupported"),
    ])
    func `what no service takes is refused as fits`(_ draft: Draft, _ status: Int, _ field: String) throws {
        let answers = try desk.receive(draft)
        #expect(answers.map(\.status) == [status])
        #expect(answers.first?.field(field)?.isEmpty == false)
        #expect(desk.courier.sendings.isEmpty)
    }

    @Test func `OPTIONS says what the services that run can do`() throws {
        let answer = try #require(desk.receive(Draft().with { $0.method = "OPTIONS" }).first)
        #expect(
            answer.field("Allow")
                == "INVITE, BYE, PRACK, UPDATE, MESSAGE, SUBSCRIBE, OPTIONS, CANCEL, ACK"
        )
        #expect(answer.field("Accept") == "application/sdp")
        #expect(answer.field("Supported") == "100rel, timer")
        #expect(answer.field("Allow-Events") == "presence")
    }

    @Test func `an INVITE that its service cannot take is answered for it`() throws {
        try desk.receive(Self.invite)
        desk.courier.end(0, .failed(Failure(.domainNotFound, "no such domain")))
        #expect(desk.sent.map(\.status) == [404])
        #expect(desk.wait(.seconds(1)).map(\.text.status) == [404])
        let tag = try #require(desk.sent.first?.field("To"))
        try desk.receive(
            Self.invite.with {
                $0.method = "ACK"
                $0.to = tag
            }
        )
        #expect(desk.wait(.seconds(40)).isEmpty)
    }

    @Test func `a CANCEL is answered, and told to whoever has the INVITE`() throws {
        try desk.receive(Self.invite)
        desk.courier.end(0, .ok(nil))
        let cancel = Self.invite.with { $0.method = "CANCEL" }
        #expect(try desk.receive(cancel).map(\.status) == [200])
        #expect(desk.courier.sendings.map(\.service) == [Self.audio, Self.audio])
        #expect(desk.courier.sendings.last?.delivery.key.text == "a@b 1")
        #expect(desk.arrival(1)?.request.method == .cancel)
        #expect(try respond(487).map(\.status) == [487])
        #expect(try desk.receive(cancel).map(\.status) == [200])
        #expect(desk.courier.sendings.count == 2)
    }

    @Test func `a CANCEL that its service cannot be told of ends the INVITE all the same`() throws {
        try desk.receive(Self.invite)
        desk.courier.end(0, .ok(nil))
        try desk.receive(Self.invite.with { $0.method = "CANCEL" })
        desk.courier.end(1, .failed(Failure(.deadline, "silent")))
        #expect(desk.sent.last?.status == 487)
        #expect(try respond(200).isEmpty)
    }

    @Test func `requests within a dialog go to the conversation that their tag names, whoever sends them`()
        throws
    {
        let bye = Draft().with {
            $0.method = "BYE"
            $0.to = "<sip:juliet@wonder.example>;tag=\(Self.local)"
            $0.address = "192.0.2.77"
        }
        #expect(try desk.receive(bye).isEmpty)
        let sending = try #require(desk.courier.sendings.first)
        #expect(sending.service == Self.audio)
        #expect(sending.delivery.key.text == "a3f-0123456789abcdef0123456789abcdef")
        #expect(sending.delivery.key.shard == 0x3F)
        desk.courier.end(
            0,
            .ok(.sipAnswer(SIPAnswer(200, headers: [.contentType: "text/plain"], body: [65])))
        )
        #expect(desk.sent.first?.hasSuffix("Content-Type: text/plain\r\nContent-Length: 1\r\n\r\nA") == true)
    }

    @Test(arguments: ["a", "i", "v", "p", "z"])
    func `a minted tag does not let a stranger's MESSAGE cross`(_ letter: String) throws {
        let message = Draft().with {
            $0.to = "<sip:juliet@wonder.example>;tag=\(letter)3f-0123456789abcdef0123456789abcdef.x1"
            $0.address = "192.0.2.77"
        }
        #expect(try desk.receive(message).map(\.status) == [403])
        #expect(desk.courier.sendings.isEmpty)
    }

    @Test func `the ACK of a 2xx goes to its conversation and is answered with nothing`() throws {
        let ack = Draft().with {
            $0.method = "ACK"
            $0.to = "<sip:juliet@wonder.example>;tag=\(Self.local)"
        }
        #expect(try desk.receive(ack).isEmpty)
        #expect(desk.arrival(0)?.request.method == .ack)
        desk.courier.end(0, .failed(Failure(.internal, "no such dialog")))
        #expect(desk.sent.isEmpty)
    }

    @Test(arguments: ["BYE", "UPDATE", "INVITE", "PRACK", "SUBSCRIBE"])
    func `a tag that no gateway minted names no dialog`(_ method: String) throws {
        let draft = Draft().with {
            $0.method = method
            $0.to = "<sip:juliet@wonder.example>;tag=3f-0123456789abcdef"
        }
        #expect(try desk.receive(draft).map(\.status) == [481])
    }

    @Test func `nobody waits for a service that is down`() throws {
        try desk.receive(Self.invite)
        desk.courier.end(0, .ok(nil))
        _ = try respond(486)
        desk.doServicesRun = false
        desk.wait(.seconds(21))
        let later = Self.invite.with {
            $0.callID = "later"
            $0.via = "SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bKlater"
        }
        let answers = try desk.receive(later)
        #expect(answers.map(\.status) == [503])
        #expect(answers.first?.field("Retry-After") == "5")
    }

    @Test func `an INVITE that is forgotten by its service is answered in the end`() throws {
        try desk.receive(Self.invite)
        desk.courier.end(0, .ok(nil))
        _ = try respond(180)
        let heard = desk.wait(.seconds(301))
        #expect(heard.first?.text.status == 504)
        #expect(heard.first?.at == .seconds(300))
        #expect(desk.server.load.pending == 0)
    }

    @Test func `a response to an INVITE that is not held here goes where its Via says`() {
        let response = SIPResponse(200, headers: [.via: "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1"])
        #expect(desk.server.respond(SIPResponding(to: DeliveryID(high: 1, low: 1), response)))
        #expect(desk.astray == [response])
        #expect(desk.sent.isEmpty)
    }

    @Test func `the same INVITE by two ways is one`() throws {
        try desk.receive(Self.invite)
        let other = Self.invite.with { $0.via = "SIP/2.0/UDP 127.0.0.1:5071;branch=z9hG4bK2" }
        #expect(try desk.receive(other).map(\.status) == [482])
    }
}
