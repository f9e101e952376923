import BusContract
import MachineKit
import SIPAuthentication
import SIPEdge
import SIPGrammar
import SIPTransport
import Testing

struct UserAgentServerTests {
    @Test func `delivers a MESSAGE and answers when the outcome has come`() throws {
        let desk = ServerDesk()
        #expect(try desk.receive(Draft()).isEmpty)
        let sending = try #require(desk.courier.sendings.first)
        #expect(sending.service == .instantMessaging)
        #expect(sending.delivery.patience == .seconds(20))
        #expect(sending.delivery.key.text == "juliet@wonder.example|romeo@sip.example")
        let arrival = try #require(desk.arrival(0))
        #expect(arrival.identity.description == "sip:romeo@sip.example")
        #expect(arrival.displayName == "Romeo")
        #expect(arrival.at == WallTime(milliseconds: 1_700_000_000_000))
        #expect(arrival.source == "udp:127.0.0.1:5070")
        #expect(arrival.request.body == Array("hello".utf8))
        desk.courier.end(0, .ok(.sipAnswer(SIPAnswer(202))))
        let answer = try #require(desk.sent.first)
        #expect(desk.sent.count == 1)
        let tag = try #require(answer.field("To")?.split(separator: ";tag=").last)
        #expect(
            answer == """
                SIP/2.0 202 Accepted\r
                Via: SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bK1;rport\r
                From: "Romeo" <sip:romeo@sip.example>;tag=1\r
                To: <sip:juliet@wonder.example>;tag=\(tag)\r
                Call-ID: a@b\r
                CSeq: 1 MESSAGE\r
                Content-Length: 0\r
                \r

                """
        )
    }

    @Test func `absorbs a repeat before the answer and repeats the answer after it`() throws {
        let desk = ServerDesk()
        try desk.receive(Draft())
        #expect(try desk.receive(Draft()).isEmpty)
        desk.courier.end(0, .ok(.sipAnswer(SIPAnswer(202))))
        desk.wait(.seconds(31))
        #expect(try desk.receive(Draft()) == [desk.sent[0]])
        #expect(desk.courier.sendings.count == 1)
        #expect(desk.server.load.remembered == 1)
    }

    @Test func `repeats an answer that says more than its status word for word`() throws {
        let desk = ServerDesk()
        let answer = SIPAnswer(
            415,
            reason: "No \u{e9}moji\r\nInjected: x",
            headers: [.accept: "text/plain", .via: "x"]
        )
        desk.courier.answer = .ok(.sipAnswer(answer))
        let first = try desk.receive(Draft())
        #expect(first.count == 1)
        #expect(first[0].statusLine == "SIP/2.0 415 No \u{e9}moji  Injected: x")
        #expect(first[0].field("Accept") == "text/plain")
        #expect(try desk.receive(Draft()) == first)
    }

    @Test func `forgets an answer after Timer J`() throws {
        let desk = ServerDesk()
        desk.courier.answer = .ok(nil)
        try desk.receive(Draft())
        desk.wait(.seconds(33))
        desk.server.fire()
        #expect(desk.server.load.remembered == 0)
    }

    /// RFC 4320 section 4.1.
    @Test func `says 100 when the outcome takes 3,5 s`() throws {
        let desk = ServerDesk()
        try desk.receive(Draft())
        let heard = desk.wait(.seconds(10))
        #expect(heard.map(\.at) == [.seconds(3.5)])
        #expect(heard.first?.text.statusLine == "SIP/2.0 100 Trying")
        #expect(try desk.receive(Draft()).map(\.statusLine) == ["SIP/2.0 100 Trying"])
        desk.courier.end(0, .ok(nil))
        #expect(desk.sent.last?.statusLine == "SIP/2.0 202 Accepted")
        #expect(desk.wait(.seconds(100)).isEmpty)
    }

    @Test func `says nothing when the outcome comes after the client has given up`() throws {
        let desk = ServerDesk()
        try desk.receive(Draft())
        desk.wait(.seconds(33))
        let before = desk.sent.count
        desk.courier.end(0, .ok(nil))
        #expect(desk.sent.count == before)
        #expect(desk.server.load.pending == 0)
    }

    @Test func `answers a request that came by two paths once`() throws {
        let desk = ServerDesk()
        try desk.receive(Draft())
        let other = Draft().with { $0.via = "SIP/2.0/UDP 127.0.0.1:5080;branch=z9hG4bK2" }
        #expect(try desk.receive(other).map(\.status) == [482])
        desk.courier.end(0, .ok(nil))
        #expect(try desk.receive(other).map(\.status) == [482])
        #expect(try desk.receive(Draft()).map(\.status) == [202])
        #expect(desk.courier.sendings.count == 1)
        let inDialog = other.with { $0.to += ";tag=x" }
        try desk.receive(inDialog)
        #expect(desk.courier.sendings.count == 2)
    }

    @Test(arguments: [
        Draft().with { $0.cSeq = 2 }, Draft().with { $0.callID = "other" },
        Draft().with { $0.from = "<sip:romeo@sip.example>;tag=2" },
    ])
    func `takes what differs for another request`(_ other: Draft) throws {
        let desk = ServerDesk()
        try desk.receive(Draft())
        try desk.receive(other)
        #expect(desk.courier.sendings.count == 2)
        #expect(desk.courier.sendings[0].delivery.id != desk.courier.sendings[1].delivery.id)
    }

    @Test func `gives a request the same id and the same tag at every edge`() throws {
        let one = RequestIdentity(try Draft().received())
        let repeated = Draft().with { $0.via += ";received=127.0.0.1" }
        let other = RequestIdentity(try repeated.received())
        #expect(one.id == other.id)
        #expect(one.toTag == other.toTag)
        // Fixed for good: edges of two releases must agree.
        #expect(one.id.description == "\(one.id)")
        let old = Draft().with { $0.via = "SIP/2.0/UDP 127.0.0.1:5070" }
        let moved = old.with { $0.uri = "sip:nurse@wonder.example" }
        #expect(RequestIdentity(try old.received()).id != RequestIdentity(try moved.received()).id)
    }

    @Test(
        arguments: [
            (Outcome.ok(nil), 202, nil),
            (.ok(.sipAnswer(SIPAnswer(200))), 200, nil),
            (.ok(.sipAnswer(SIPAnswer(99))), 500, nil),
            (.ok(.sipAnswer(SIPAnswer(180))), 500, nil),
            (.busy(retryAfter: .milliseconds(1_500)), 503, "2"),
            (.failed(Failure(.overloaded, "x")), 503, "1"),
            (.failed(Failure(.deadline, "x")), 503, "1"),
            (.failed(Failure(.unsupported, "x")), 405, nil),
            (.failed(Failure(.domainNotFound, "x")), 404, nil),
            (.failed(Failure(.unreachable, "x")), 502, nil),
            (.failed(Failure(.timeout, "x")), 504, nil),
            (.failed(Failure(.insecure, "x")), 502, nil),
            (.failed(Failure(.tooLarge, "x")), 513, nil),
            (.failed(Failure(.forbidden, "x")), 403, nil),
            (.failed(Failure(.malformed, "x")), 400, nil),
            (.failed(Failure(.internal, "x")), 500, nil),
            (.failed(Failure(.internal, "x", answer: .sipAnswer(SIPAnswer(480)))), 480, nil),
            (.failed(Failure(.internal, "x", answer: .sipAnswer(SIPAnswer(200)))), 500, nil),
        ] as [(Outcome, Int, String?)]
    )
    func `answers what the outcome says`(_ outcome: Outcome, _ status: Int, _ retryAfter: String?) throws {
        let desk = ServerDesk()
        desk.courier.answer = outcome
        let answers = try desk.receive(Draft())
        #expect(answers.map(\.status) == [status])
        #expect(answers.first?.field("Retry-After") == retryAfter)
        if status == 405 { #expect(answers.first?.field("Allow") == "MESSAGE, OPTIONS, CANCEL, ACK") }
        #expect(try desk.receive(Draft()) == answers)
    }

    @Test func `asks the service that it is sent to`() throws {
        let desk = ServerDesk()
        try desk.receive(Draft())
        desk.courier.end(0, .redirect(ServiceName("multiparty")))
        #expect(desk.courier.sendings.map(\.service.name) == ["im", "multiparty"])
        desk.courier.end(1, .redirect(.instantMessaging))
        desk.courier.end(2, .redirect(.instantMessaging))
        #expect(desk.sent.map(\.status) == [500])
    }

    @Test func `refuses while the bus has no room, or the process is about to end`() throws {
        let desk = ServerDesk()
        desk.courier.hasRoom = false
        let answer = try #require(try desk.receive(Draft()).first)
        #expect(answer.status == 503)
        #expect(answer.field("Retry-After") == "1")
        desk.courier.hasRoom = true
        desk.server.isDraining = true
        #expect(try desk.receive(Draft()).map(\.status) == [503])
        desk.server.isDraining = false
        #expect(try desk.receive(Draft()).isEmpty)
        #expect(desk.courier.sendings.count == 1)
    }

    @Test func `limits what one address may ask, repeats excepted`() throws {
        let desk = ServerDesk {
            $0.ratePerAddress = 20
            $0.access.trusted = []
        }
        desk.courier.answer = .ok(nil)
        let drafts = (0..<30).map { number in
            Draft().with {
                $0.callID = "\(number)"
                $0.proven = ["sip.example"]
            }
        }
        let statuses = try drafts[..<21].flatMap { try desk.receive($0) }.map(\.status)
        #expect(statuses == Array(repeating: 202, count: 20) + [503])
        #expect(try desk.receive(drafts[0]).map(\.status) == [202])
        // One in ten is told that it is refused; all others hear nothing.
        #expect(try drafts[21...].flatMap { try desk.receive($0) }.isEmpty)
        desk.wait(.seconds(1))
        #expect(try desk.receive(drafts[29]).map(\.status) == [202])
    }

    @Test func `limits what one believed sender may ask, whoever brings it, and no proxy that is trusted`()
        throws
    {
        let desk = ServerDesk {
            $0.ratePerAddress = 1
            $0.ratePerUser = 2
        }
        desk.courier.answer = .ok(nil)
        let statuses = try (0..<9).flatMap { number in
            try desk.receive(
                Draft().with {
                    $0.callID = "\(number)"
                    $0.address = "127.0.0.\(number + 1)"
                    $0.from = "<sip:\(["romeo", "r%6fmeo", "mercutio"][number % 3])@SIP.example:5060>;tag=1"
                }
            )
        }.map(\.status)
        #expect(statuses == [202, 202, 202, 503, 503, 202, 503, 503, 503])
    }

    @Test func `asks a stranger who he is, remembers nothing, and tells nobody his answer`() throws {
        let desk = ServerDesk {
            $0.access.trusted = []
            $0.access.realm = "gw"
            let secret = DigestSecret(password: "p")
            $0.access.accounts = [
                SIPAccount(user: "pbx", secret: secret, identities: [.domain("sip.example")])
            ]
        }
        let draft = Draft().with { $0.extra = "P-Asserted-Identity: <sip:x@sip.example>\r\n" }
        let asked = try #require(try desk.receive(draft).first)
        #expect(asked.status == 401)
        #expect(try desk.receive(draft) == [asked])
        #expect(desk.server.load == (0, 0))
        let challenge = try #require(
            asked.field("WWW-Authenticate").flatMap { SIPAuthorization($0) }.flatMap {
                SIPDigestChallenge($0)
            }
        )
        var credentials = SIPDigestCredentials(
            user: "pbx",
            realm: "gw",
            nonce: challenge.nonce,
            uri: draft.uri,
            response: "",
            algorithm: challenge.algorithm,
            clientNonce: "c",
            quality: "auth",
            count: "00000001"
        )
        let request = try draft.received().request
        credentials.response =
            credentials.digest(by: DigestSecret(password: "p"), user: "pbx", of: request) ?? ""
        let proven = draft.with {
            $0.cSeq = 2
            $0.extra += "Authorization: \(credentials)\r\n"
        }
        #expect(try desk.receive(proven).isEmpty)
        let arrival = try #require(desk.arrival(0))
        #expect(arrival.identity.description == "sip:romeo@sip.example")
        #expect(!arrival.request.headers.contains(.authorization))
        #expect(!arrival.request.headers.contains(.pAssertedIdentity))
    }

    @Test func `while one peer floods, others are served`() throws {
        let desk = ServerDesk()
        func send(_ number: Int, from address: String) throws -> [String] {
            try desk.receive(
                Draft().with {
                    $0.callID = "\(address)-\(number)"
                    $0.address = address
                }
            )
        }
        // Alone, it may have what there is.
        for number in 0..<1_100 { #expect(try send(number, from: "127.0.0.2").isEmpty) }
        for number in 0..<100 { #expect(try send(number, from: "127.0.0.3").isEmpty) }
        #expect(try send(2_000, from: "127.0.0.2").map(\.status) == [503])
        #expect(try send(2_000, from: "127.0.0.3").isEmpty)
        for index in 0..<1_100 { desk.courier.end(index, .ok(nil)) }
        #expect(try send(2_001, from: "127.0.0.2").isEmpty)
    }

    @Test func `answers OPTIONS with what it can do`() throws {
        let desk = ServerDesk()
        let answer = try #require(try desk.receive(Draft().with { $0.method = "OPTIONS" }).first)
        #expect(answer.status == 200)
        #expect(answer.field("Allow") == "MESSAGE, OPTIONS, CANCEL, ACK")
        #expect(answer.field("Accept")?.hasPrefix("text/plain, ") == true)
        #expect(desk.server.load.remembered == 0)
    }

    @Test func `refuses an INVITE until its ACK comes`() throws {
        let desk = ServerDesk()
        let invite = Draft().with { $0.method = "INVITE" }
        let answers = try desk.receive(invite)
        #expect(answers.map(\.status) == [405])
        #expect(try desk.receive(invite) == answers)
        #expect(desk.wait(.seconds(2)).map(\.at) == [.milliseconds(500), .milliseconds(1_500)])
        let tag = try #require(answers.first?.field("To")?.split(separator: ";tag=").last)
        let ack = invite.with {
            $0.method = "ACK"
            $0.to += ";tag=\(tag)"
        }
        #expect(try desk.receive(ack).isEmpty)
        #expect(desk.wait(.seconds(100)).isEmpty)
    }

    @Test func `refuses a stranger's INVITE once for each that comes`() throws {
        let desk = ServerDesk()
        let invite = Draft().with {
            $0.method = "INVITE"
            $0.address = "192.0.2.1"
        }
        let answers = try desk.receive(invite)
        #expect(answers.map(\.status) == [405])
        #expect(desk.wait(.seconds(100)).isEmpty)
        #expect(try desk.receive(invite) == answers)
    }

    @Test func `never answers an ACK`() throws {
        let desk = ServerDesk()
        #expect(try desk.receive(Draft().with { $0.method = "ACK" }).isEmpty)
    }

    @Test func `answers a CANCEL of what there is with 200, of anything else with 481`() throws {
        let desk = ServerDesk()
        let cancel = Draft().with { $0.method = "CANCEL" }
        #expect(try desk.receive(cancel).map(\.status) == [481])
        try desk.receive(Draft())
        #expect(try desk.receive(cancel).map(\.status) == [200])
        desk.courier.end(0, .ok(nil))
        #expect(desk.sent.last?.status == 202)
        #expect(try desk.receive(cancel).map(\.status) == [200])
    }

    @Test func `holds no more INVITEs than it may, and still refuses them`() throws {
        let desk = ServerDesk()
        for number in 0..<1_100 {
            let invite = Draft().with {
                $0.method = "INVITE"
                $0.via = "SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bK\(number)"
                $0.callID = "\(number)"
            }
            #expect(try desk.receive(invite).map(\.status) == [405])
        }
        #expect(desk.wait(.milliseconds(600)).count == 1_024)
    }

    @Test func `takes new domains and peers while it runs`() throws {
        let desk = ServerDesk()
        let draft = Draft().with { $0.from = "<sip:a@new.example>;tag=1" }
        #expect(try desk.receive(draft).map(\.status) == [403])
        desk.server.reload(AccessRules(domains: ["new.example"]))
        #expect(try desk.receive(draft).isEmpty)
        #expect(desk.courier.sendings.count == 1)
    }

    /// Rule 5 of the bus: the SIP edge derives the delivery's id from the request.
    @Test func `needs no memory of requests over TCP to know them again`() throws {
        let desk = ServerDesk()
        desk.courier.answer = .ok(nil)
        let draft = Draft().with { $0.transport = .tcp }
        #expect(try desk.receive(draft).map(\.status) == [202])
        #expect(try desk.receive(draft).map(\.status) == [202])
        #expect(desk.courier.sendings.count == 1)
    }
}
