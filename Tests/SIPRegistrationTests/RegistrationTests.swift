import MachineKit
import SIPAuthentication
import SIPGrammar
import SIPRegistration
import TestKit
import Testing

struct RegistrationTests {
    private typealias Sent = Lab<Registration>.Sent

    private static func uri(_ text: String) -> SIPURI {
        guard let uri = SIPURI(text) else { preconditionFailure("no URI: \(text)") }
        return uri
    }

    private static let account = RegistrationAccount(
        address: uri("sip:gw@trunk.example"),
        registrar: uri("sip:x@registrar.trunk.example"),
        contact: uri("sip:gw@192.0.2.7:5060;transport=tcp"),
        credentials: DigestClient.Account(realm: nil, user: "gw", secret: DigestSecret(password: "s")),
        instance: "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"
    )

    private func lab(_ account: RegistrationAccount = account) -> Lab<Registration> {
        Lab(
            Registration(
                account,
                callID: "c",
                tag: "t",
                firstCSeq: 100,
                generator: SplitMix64(seed: 1)
            )
        )
    }

    /// What was asked for, and nothing else.
    private func asked(_ outputs: [Registration.Output]) throws -> SIPRequest {
        #expect(outputs.count == 1)
        guard case .register(let request) = outputs.first else { throw NothingAsked() }
        return request
    }

    private struct NothingAsked: Error {}

    private func ok(_ expires: String = "3600", headers: SIPHeaders = [:]) -> SIPResponse {
        var all: SIPHeaders = [
            .contact: "<sip:other@x>;expires=7, <sip:gw@192.0.2.7:5060;transport=TCP>;expires=\(expires)"
        ]
        all.append(contentsOf: headers)
        return SIPResponse(200, headers: all)
    }

    private func challenge(_ nonce: String) -> SIPResponse {
        let challenge = SIPDigestChallenge(realm: "r", nonce: nonce, algorithm: "MD5", qualities: ["auth"])
        return SIPResponse(401, headers: [.wwwAuthenticate: challenge.description])
    }

    @Test func `registers as RFC 3261 section 10.2 says`() throws {
        var lab = lab()
        let request = try asked(lab.play(.start))
        #expect(
            String(decoding: request.octets, as: UTF8.self) == """
                REGISTER sip:registrar.trunk.example SIP/2.0\r
                From: <sip:gw@trunk.example>;tag=t\r
                To: <sip:gw@trunk.example>\r
                Call-ID: c\r
                CSeq: 100 REGISTER\r
                Contact: <sip:gw@192.0.2.7:5060;transport=tcp>;expires=3600;\
                +sip.instance="<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>"\r
                Expires: 3600\r
                Supported: path, gruu\r
                Content-Length: 0\r
                \r

                """
        )
        #expect(lab.play(.start).isEmpty)
    }

    @Test func `keeps what the registrar says of the way, and refreshes in time`() throws {
        var lab = lab()
        _ = lab.play(.start)
        let headers: SIPHeaders = [
            .serviceRoute: "<sip:p1.example;lr>, <sip:p2.example;lr>", .path: "<sip:e.example;lr>",
        ]
        var response = ok("1000", headers: headers)
        response.headers[.contact] =
            "<sip:gw@192.0.2.7:5060;transport=tcp>;expires=1000;pub-gruu=\"sip:gw@trunk.example;gr=urn:x\""
        guard case .bound(let binding) = lab.play(.response(response)).first else {
            return #expect(Bool(false), "not bound")
        }
        #expect(binding.expires == 1_000)
        #expect(binding.serviceRoute.map(\.description) == ["<sip:p1.example;lr>", "<sip:p2.example;lr>"])
        #expect(binding.path.map(\.description) == ["<sip:e.example;lr>"])
        #expect(binding.publicGRUU?.description == "sip:gw@trunk.example;gr=urn:x")
        #expect(lab.subject.isBound)
        let sent = lab.wait(.seconds(900))
        #expect(sent.map(\.at) == [.seconds(850)])
        #expect(try asked(sent.map(\.output)).headers[.cSeq] == "101 REGISTER")
    }

    @Test(arguments: [(3_600, 3_060), (1_000, 850), (400, 340), (200, 140), (120, 60), (60, 30), (1, 0)])
    func `refreshes at 85 % and a minute before the end, but not before half of it`(
        _ granted: Int64,
        _ refreshed: Int64
    ) {
        var lab = lab()
        _ = lab.play(.start)
        _ = lab.play(.response(ok("\(granted)")))
        let sent = lab.wait(.seconds(granted - 1))
        #expect((sent.first?.at ?? .zero) == .seconds(refreshed))
    }

    @Test func `answers a challenge once and sends credentials along from then on`() throws {
        var lab = lab()
        _ = lab.play(.start)
        let retry = try asked(lab.play(.response(challenge("n1"))))
        #expect(retry.headers[.cSeq] == "101 REGISTER")
        #expect(try retry.headers.digestCredentials(.authorization).map(\.user) == ["gw"])
        #expect(lab.play(.response(ok("100"))).count == 1)
        let refresh = try asked(lab.wait(.seconds(60)).map(\.output))
        #expect(refresh.headers[.cSeq] == "102 REGISTER")
        #expect(try refresh.headers.digestCredentials(.authorization).map(\.count) == ["00000002"])
        let again = try asked(lab.play(.response(challenge("n2"))))
        #expect(try again.headers.digestCredentials(.authorization).map(\.nonce) == ["n2"])
    }

    @Test func `who is told no waits long before asking again`() {
        for status in [401, 403, 404] {
            var lab = lab()
            _ = lab.play(.start)
            if status == 401 { _ = lab.play(.response(challenge("n1"))) }
            let refusal = status == 401 ? challenge("n2") : SIPResponse(status)
            #expect(lab.play(.response(refusal)) == [.refused(status: status)])
            let sent = lab.wait(.seconds(1_801))
            #expect(sent.count == 1 && sent[0].at >= .seconds(900))
        }
    }

    @Test func `obeys 423, but not for ever`() throws {
        var lab = lab()
        _ = lab.play(.start)
        for (index, least) in [7_200, 10_000, 20_000].enumerated() {
            let request = try asked(lab.play(.response(SIPResponse(423, headers: [.minExpires: "\(least)"]))))
            #expect(request.headers[.expires] == "\(least)")
            #expect(request.headers[.cSeq] == "\(101 + index) REGISTER")
        }
        let last = lab.play(.response(SIPResponse(423, headers: [.minExpires: "30000"])))
        #expect(last == [.refused(status: 423)])
        var other = self.lab()
        _ = other.play(.start)
        // What is no more than was asked for makes no sense.
        #expect(
            other.play(.response(SIPResponse(423, headers: [.minExpires: "60"]))) == [.refused(status: 423)]
        )
    }

    @Test func `waits twice as long after each failure, up to half an hour`() {
        var lab = lab()
        _ = lab.play(.start)
        var steps: [Duration] = []
        for _ in 0..<9 {
            let before = lab.now.sinceStart
            #expect(lab.play(.failed) == [.refused(status: 0)])
            let sent = lab.wait(.seconds(1_800))
            guard let at = sent.first?.at else { return #expect(Bool(false), "did not ask again") }
            steps.append(at - before)
        }
        for (index, step) in steps.enumerated() {
            let most = min(30 * (1 << index), 1_800)
            #expect(step >= .seconds(most / 2) && step <= .seconds(most), "attempt \(index): \(step)")
        }
    }

    @Test func `waits as long as Retry-After says`() {
        var lab = lab()
        _ = lab.play(.start)
        _ = lab.play(.response(SIPResponse(503, headers: [.retryAfter: "600"])))
        #expect(lab.wait(.seconds(599)).isEmpty)
        #expect(lab.wait(.seconds(1)).count == 1)
        var patient = self.lab()
        _ = patient.play(.start)
        _ = patient.play(.response(SIPResponse(503, headers: [.retryAfter: "4294967295"])))
        #expect(patient.wait(.seconds(3_600)).count == 1)
    }

    @Test func `a binding is good until it runs out, whatever fails meanwhile`() {
        var lab = lab()
        _ = lab.play(.start)
        _ = lab.play(.response(ok("100")))
        _ = lab.wait(.seconds(50))
        #expect(lab.play(.failed) == [.refused(status: 0)])
        #expect(lab.subject.isBound)
        let sent = lab.wait(.seconds(60)).filter { if case .register = $0.output { false } else { true } }
        #expect(sent == [Sent(.seconds(100), .unbound)])
        #expect(!lab.subject.isBound)
    }

    @Test func `a 2xx that binds others, or for no time, is none`() {
        for contacts in [
            "<sip:a@x>;expires=9, <sip:b@x>;expires=9", "<sip:gw@192.0.2.7:5060;transport=tcp>;expires=0",
        ] {
            var lab = lab()
            _ = lab.play(.start)
            #expect(
                lab.play(.response(SIPResponse(200, headers: [.contact: contacts]))) == [
                    .refused(status: 200)
                ]
            )
        }
        var lab = lab()
        _ = lab.play(.start)
        #expect(lab.play(.response(SIPResponse(200))) == [.bound(RegistrationBinding(expires: 3_600))])
    }

    @Test(arguments: [
        ("<sip:gw@198.51.100.1:1024>;expires=77", 77),
        (
            "<sip:gw@x>;expires=5, <sip:gw@y>;+sip.instance=\"<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>\";expires=78",
            78
        ),
        ("<sip:gw@x>;expires=5, <sip:gw@192.0.2.7:5060;transport=tcp>;expires=79", 79),
        ("<tel:+1555>, \"Gate\" <sip:g%77@x>;expires=80", 80),
    ])
    func `knows its contact, whatever became of it on the way`(_ contacts: String, _ expires: UInt32) {
        var lab = lab()
        _ = lab.play(.start)
        let outputs = lab.play(.response(SIPResponse(200, headers: [.contact: contacts])))
        #expect(outputs == [.bound(RegistrationBinding(expires: expires))])
    }

    @Test func `takes its binding away when it stops`() throws {
        var lab = lab()
        _ = lab.play(.start)
        _ = lab.play(.response(challenge("n1")))
        _ = lab.play(.response(ok()))
        let request = try asked(lab.play(.stop))
        #expect(request.headers[.contact]?.contains(";expires=0;") == true)
        #expect(request.headers[.expires] == "0")
        #expect(lab.play(.response(SIPResponse(200))) == [.unbound, .ended])
        #expect(lab.subject.isEnded && lab.pendingTimers == 0)
        #expect(lab.play(.start).isEmpty)
    }

    @Test func `stops with one request at a time`() throws {
        var lab = lab()
        _ = lab.play(.start)
        #expect(lab.play(.stop).isEmpty)
        let request = try asked(lab.play(.response(ok())))
        #expect(request.headers[.expires] == "0")
        #expect(lab.play(.failed) == [.unbound, .ended])
        var idle = self.lab()
        #expect(idle.play(.stop) == [.ended])
        var refused = self.lab()
        _ = refused.play(.start)
        _ = refused.play(.stop)
        #expect(refused.play(.response(SIPResponse(403))) == [.ended])
        var waiting = self.lab()
        _ = waiting.play(.start)
        _ = waiting.play(.failed)
        #expect(waiting.play(.stop) == [.ended])
        #expect(waiting.pendingTimers == 0)
    }

    /// Law: whatever a registrar says, there is never more than one request out, and CSeq grows.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func `asks one at a time, each with a higher CSeq`(_ seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var lab = lab()
        var (outstanding, last, ended) = (false, UInt32(0), false)
        func note(_ outputs: [Registration.Output]) {
            for output in outputs {
                #expect(!ended, "after the end")
                switch output {
                case .register(let request):
                    #expect(!outstanding)
                    outstanding = true
                    let number = (try? request.headers.cSeq().number) ?? 0
                    #expect(number > last)
                    last = number
                case .ended: ended = true
                case .bound, .unbound, .refused: break
                }
            }
        }
        note(lab.play(.start))
        for step in 0..<60 {
            if Bool.random(using: &generator) {
                note(lab.wait(.seconds(Int64.random(in: 0...2_000, using: &generator))).map(\.output))
            }
            guard outstanding else { continue }
            outstanding = false
            let choice = Int.random(in: 0...6, using: &generator)
            if step == 50 { note(lab.play(.stop)) }
            switch choice {
            case 0: note(lab.play(.failed))
            case 1: note(lab.play(.response(challenge("n\(step)"))))
            case 2: note(lab.play(.response(SIPResponse(423, headers: [.minExpires: "\(step * 500)"]))))
            case 3: note(lab.play(.response(SIPResponse(503))))
            case 4: note(lab.play(.response(SIPResponse(302))))
            default: note(lab.play(.response(ok("\(step * 100)"))))
            }
        }
    }
}
