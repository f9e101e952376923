import BusContract
import MachineKit
import SIPEdge
import SIPGrammar
import SIPTransport
import Testing

/// RFC 3263 section 4.3: every target is tried, and those that failed stand back.
struct FailoverTests {
    private static let (one, two) = ("udp:192.0.2.1:5060", "udp:192.0.2.2:5060")

    private func desk(_ change: (inout SIPEdgeConfiguration) -> Void = { _ in }) -> ClientDesk {
        let desk = ClientDesk(change)
        desk.hops["proxy.example"] = .success(ClientDesk.hops("192.0.2.1", "192.0.2.2"))
        return desk
    }

    /// Has a request answered, and says which targets it went to.
    private func targets(_ desk: ClientDesk, method: SIPMethod = .message) -> [String] {
        let before = desk.sent.count
        desk.dispatch(method: method)
        desk.answer(desk.sent.count - 1, 200)
        return desk.sent.dropFirst(before).map(\.target)
    }

    @Test(arguments: [SIPMethod.message, .options, .subscribe, .notify, .publish, .refer, .info])
    func `goes on to the next target and does not try the dead one again`(_ method: SIPMethod) {
        let desk = desk()
        desk.fate[Self.one] = .failed(.unreachable)
        #expect(targets(desk, method: method) == [Self.one, Self.two])
        #expect(targets(desk, method: method) == [Self.two])
        #expect(desk.client.failedTargets == 1)
    }

    @Test func `comes back to a target when it has answered a probe`() {
        let desk = desk()
        desk.fate[Self.one] = .failed(.refused)
        _ = targets(desk)
        desk.fate = [:]
        desk.lives[Self.one] = 483
        desk.wait(.seconds(4.9))
        #expect(targets(desk) == [Self.two])
        #expect(desk.probes.isEmpty)
        desk.wait(.seconds(0.2))
        #expect(desk.probes.map(\.target) == [Self.one])
        #expect(desk.client.failedTargets == 0)
        #expect(targets(desk) == [Self.one])
    }

    @Test func `tries them all the same when all are dead`() {
        let desk = desk()
        desk.fate = [Self.one: .failed(.unreachable), Self.two: .failed(.refused)]
        let number = desk.dispatch()
        #expect(desk.failure(number) == .unreachable)
        #expect(desk.text(number) == "udp:192.0.2.1:5060 unreachable, udp:192.0.2.2:5060 refused")
        #expect(desk.sent.map(\.target) == [Self.one, Self.two])
        #expect(desk.failure(desk.dispatch()) == .unreachable)
        #expect(desk.sent.map(\.target) == [Self.one, Self.two, Self.one, Self.two])
        desk.fate[Self.two] = nil
        #expect(targets(desk) == [Self.one, Self.two])
        #expect(targets(desk) == [Self.two])
    }

    @Test func `leaves a silent target that does not answer a probe either`() {
        let desk = desk()
        let number = desk.dispatch()
        desk.wait(.seconds(8.1))
        #expect(desk.probes.map(\.at) == [3.5, 4, 5, 7].map { .seconds($0) })
        #expect(desk.sent.map(\.target) == [Self.one, Self.one, Self.one, Self.one, Self.one, Self.two])
        #expect(desk.sent.last?.at == .seconds(8))
        #expect(desk.sent[0].branch != desk.sent[5].branch)
        #expect(Set(desk.sent.map { $0.text.field("Call-ID") }).count == 1)
        desk.answer(0, 200)
        #expect(desk.outcomes[number] == nil)
        desk.answer(5, 200)
        #expect(desk.status(number) == 200)
        #expect(targets(desk) == [Self.two])
    }

    @Test func `stays with a silent target that lives`() {
        let desk = desk()
        desk.lives[Self.one] = 200
        let number = desk.dispatch()
        desk.wait(.seconds(100))
        #expect(desk.failure(number) == .timeout)
        #expect(desk.text(number) == "udp:192.0.2.1:5060 did not answer")
        #expect(Set(desk.sent.map(\.target)) == [Self.one])
        #expect(desk.client.failedTargets == 0)
    }

    @Test func `stays with a target that has said 100`() {
        let desk = desk()
        let number = desk.dispatch()
        desk.answer(0, 100)
        desk.wait(.seconds(100))
        #expect(desk.failure(number) == .timeout)
        #expect(desk.probes.isEmpty)
        #expect(Set(desk.sent.map(\.target)) == [Self.one])
    }

    @Test func `goes on by Timer F when it may not ask`() {
        let desk = desk { $0.targets.probed = 0 }
        let number = desk.dispatch()
        desk.wait(.seconds(33))
        #expect(desk.sent.last?.target == Self.two)
        #expect(desk.sent.last?.at == .seconds(32.5))
        desk.answer(desk.sent.count - 1, 200)
        #expect(desk.status(number) == 200)
        #expect(targets(desk) == [Self.two])
        // Nobody asks: it is taken for live again after its time.
        desk.wait(.seconds(5))
        #expect(targets(desk) == [Self.one])
    }

    @Test func `leaves a target alone for as long as it asks`() {
        let desk = desk()
        let number = desk.dispatch()
        desk.answer(0, 503, headers: [.retryAfter: "60"])
        desk.answer(1, 200)
        #expect(desk.status(number) == 200)
        desk.wait(.seconds(59))
        #expect(targets(desk) == [Self.two])
        #expect(desk.probes.isEmpty)
        desk.lives[Self.one] = 200
        desk.wait(.seconds(2))
        #expect(targets(desk) == [Self.one])
    }

    @Test func `does not remember a 503 that names no time`() {
        let desk = desk()
        desk.dispatch()
        desk.answer(0, 503)
        desk.answer(1, 200)
        #expect(targets(desk) == [Self.one])
    }

    @Test func `goes on when a connection breaks off`() throws {
        let desk = desk()
        desk.hops["proxy.example"] = .success(
            NextHops([ClientDesk.hop(.tcp, "192.0.2.1"), ClientDesk.hop(.udp, "192.0.2.2")])
        )
        let number = desk.dispatch()
        desk.client.lost(ConnectionID(1))
        #expect(desk.sent.map(\.target) == ["tcp:192.0.2.1:5060", Self.two])
        #expect(desk.sent[0].branch != desk.sent[1].branch)
        desk.client.refused(try #require(TransportTarget(.udp, ipAddress: "192.0.2.2", port: 5060)))
        #expect(desk.failure(number) == .timeout)
        #expect(
            desk.text(number)
                == "tcp:192.0.2.1:5060 closed the connection without an answer, udp:192.0.2.2:5060 refused"
        )
    }

    @Test func `says insecure when nothing but security failed`() {
        let desk = desk()
        let hop = ClientDesk.hop(.tls, "192.0.2.1", name: "proxy.example")
        desk.hops["proxy.example"] = .success(NextHops([hop]))
        desk.fate["tls:192.0.2.1:5061"] = .failed(.insecure("shows a certificate for nobody"))
        let number = desk.dispatch()
        #expect(desk.failure(number) == .insecure)
        #expect(desk.text(number) == "tls:192.0.2.1:5061 shows a certificate for nobody")
    }

    @Test func `tells of eight targets and counts the others`() {
        let desk = desk()
        let addresses = (1...20).map { "192.0.2.\($0)" }
        desk.hops["proxy.example"] = .success(NextHops(addresses.map { ClientDesk.hop(.udp, $0) }))
        for address in addresses { desk.fate["udp:\(address):5060"] = .failed(.refused) }
        let text = desk.text(desk.dispatch())
        #expect(desk.sent.count == 20)
        #expect(text?.hasSuffix("udp:192.0.2.8:5060 refused, and 12 more") == true)
    }
}

/// OPTIONS as a question whether a target lives.
struct ProbeTests {
    private static let one = "udp:192.0.2.1:5060"

    @Test func `a probe is an OPTIONS request that the target itself answers`() throws {
        let desk = ClientDesk()
        desk.dispatch()
        desk.wait(.seconds(3.5))
        let probe = try #require(desk.probes.first)
        guard case .request(let request) = try SIPMessage.parse(Array(probe.text.utf8)) else {
            return #expect(Bool(false), "no request")
        }
        _ = try request.mandatory()
        #expect(probe.text.statusLine == "OPTIONS sip:192.0.2.1:5060 SIP/2.0")
        #expect(try request.headers.maxForwards() == 0)
        #expect(try request.headers.to().uri == .sip(try #require(SIPURI("sip:192.0.2.1:5060"))))
        #expect(try request.headers.from().uri == .sip(try #require(SIPURI("sip:gw.example:5060"))))
        let via = try request.headers.topVia()
        #expect(via.description.hasPrefix("SIP/2.0/UDP gw.example:5060;branch=z9hG4bK-"))
        #expect(try request.headers.callID().utf8.count == 32)
    }

    @Test func `asks a secure target by its name`() throws {
        let desk = ClientDesk()
        let hop = ClientDesk.hop(.tls, "192.0.2.1", name: "proxy.example")
        desk.hops["proxy.example"] = .success(NextHops([hop]))
        desk.dispatch()
        desk.wait(.seconds(4))
        #expect(desk.probes.map(\.text.statusLine) == ["OPTIONS sip:proxy.example;transport=tls SIP/2.0"])
    }

    /// The first datagram of each probe.
    private func moments(_ desk: ClientDesk) -> [Duration] {
        var seen: Set<String> = []
        return desk.probes.filter { seen.insert($0.branch).inserted }.map(\.at)
    }

    @Test func `asks a configured target every half minute for as long as it is dead`() {
        let desk = ClientDesk()
        desk.fate[Self.one] = .failed(.refused)
        desk.dispatch()
        desk.wait(.seconds(3_600))
        let moments = moments(desk)
        #expect(Array(moments.prefix(5)) == [5, 15, 35, 65, 95].map { .seconds($0) })
        #expect(moments.count == 121)
        desk.fate = [:]
        desk.lives[Self.one] = 404
        desk.wait(.seconds(30))
        let asked = desk.probes.count
        desk.wait(.seconds(3_600))
        #expect(desk.probes.count == asked)
        #expect(desk.client.failedTargets == 0)
    }

    @Test func `asks any other target ever more rarely, and forgets it when nobody wants it`() {
        let desk = ClientDesk()
        desk.hops["far.example"] = .success(NextHops([ClientDesk.hop(.udp, "192.0.2.1")]))
        desk.fate[Self.one] = .failed(.refused)
        desk.dispatch(to: "sip:a@far.example")
        desk.wait(.seconds(3_600))
        #expect(moments(desk) == [5, 15, 35, 75, 155, 315].map { .seconds($0) })
        #expect(desk.client.failedTargets == 0)
    }

    @Test func `takes as long as four lost datagrams for an answer that does not come`() {
        let desk = ClientDesk()
        desk.fate[Self.one] = .failed(.refused)
        desk.dispatch()
        desk.fate = [:]
        desk.wait(.seconds(25))
        #expect(desk.probes.map(\.at) == [5, 5.5, 6.5, 8.5, 19.5, 20, 21, 23].map { .seconds($0) })
    }

    @Test func `a target without room stands back for as long as it says`() {
        let desk = ClientDesk()
        desk.fate[Self.one] = .failed(.refused)
        desk.dispatch()
        (desk.fate, desk.lives) = ([:], [Self.one: 503])
        desk.wait(.seconds(6))
        #expect(desk.probes.count == 1)
        #expect(desk.client.failedTargets == 1)
        desk.lives = [Self.one: 200]
        desk.wait(.seconds(10))
        #expect(desk.client.failedTargets == 0)
    }

    @Test func `does not ask a silent target again that has just answered`() {
        let desk = ClientDesk()
        desk.lives[Self.one] = 200
        for number in 0..<20 { desk.dispatch(to: "sip:\(number)@sip.example") }
        desk.wait(.seconds(3))
        for number in 20..<40 { desk.dispatch(to: "sip:\(number)@sip.example") }
        desk.wait(.seconds(4))
        #expect(desk.probes.map(\.at) == [.seconds(3.5)])
    }

    @Test func `a probe keeps nobody from leaving`() {
        let desk = ClientDesk()
        desk.fate[Self.one] = .failed(.refused)
        desk.dispatch()
        desk.fate = [:]
        desk.wait(.seconds(6))
        #expect(!desk.probes.isEmpty)
        #expect(desk.client.load == (outstanding: 0, waiting: 0))
    }
}

/// INVITE goes on as all methods do, while nobody has heard anything.
struct InviteFailoverTests {
    private static let (one, two) = ("udp:192.0.2.1:5060", "udp:192.0.2.2:5060")

    private func desk() -> ClientDesk {
        let desk = ClientDesk()
        desk.hops["proxy.example"] = .success(ClientDesk.hops("192.0.2.1", "192.0.2.2"))
        return desk
    }

    @Test func `leaves a silent target that does not answer a probe either`() {
        let desk = desk()
        desk.dispatch(method: .invite)
        desk.wait(.seconds(8))
        #expect(desk.probes.map(\.at) == [3.5, 4, 5, 7].map { .seconds($0) })
        #expect(desk.sent.map(\.target) == [Self.one, Self.one, Self.one, Self.one, Self.one, Self.two])
        #expect(desk.sent[0].branch != desk.sent[5].branch)
        #expect(desk.client.load.outstanding == 1)
    }

    @Test func `stays with a silent target that lives`() {
        let desk = desk()
        desk.lives[Self.one] = 483
        desk.dispatch(method: .invite)
        desk.wait(.seconds(20))
        #expect(Set(desk.sent.map(\.target)) == [Self.one])
    }

    @Test func `does not suspect a target that has said 100`() {
        let desk = desk()
        desk.dispatch(method: .invite)
        desk.answer(0, 100)
        desk.wait(.seconds(20))
        #expect(desk.probes.isEmpty)
        #expect(desk.sent.map(\.target) == [Self.one])
    }
}
