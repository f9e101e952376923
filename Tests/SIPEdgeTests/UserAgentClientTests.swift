import BusContract
import MachineKit
import NIOCore
import SIPEdge
import SIPGrammar
import SIPTransport
import Testing

struct UserAgentClientTests {
    @Test func `sends a request with what the edge owes it, and says how it was answered`() throws {
        let desk = ClientDesk()
        let number = desk.dispatch()
        #expect(desk.sent.count == 1)
        #expect(desk.sent[0].target == "udp:192.0.2.1:5060")
        let id = DeliveryID(high: 0, low: 1)
        #expect(
            desk.sent[0].text == """
                MESSAGE sip:romeo@sip.example SIP/2.0\r
                Via: SIP/2.0/UDP gw.example:5060;branch=z9hG4bK-\(id);rport\r
                Max-Forwards: 70\r
                From: <sip:juliet@wonder.example>;tag=9\r
                To: <sip:romeo@sip.example>\r
                Call-ID: c1\r
                CSeq: 1 MESSAGE\r
                Content-Type: text/plain\r
                Content-Length: 5\r
                \r
                hello
                """
        )
        desk.answer(0, 100)
        #expect(desk.outcomes.isEmpty)
        desk.answer(0, 200)
        #expect(desk.status(number) == 200)
        desk.answer(0, 200)
        desk.wait(.seconds(100))
        #expect(desk.sent.count == 1)
    }

    @Test func `passes on what a response says, not what it copies from the request`() {
        let desk = ClientDesk()
        let message = desk.dispatch()
        desk.answer(0, 200)
        #expect(desk.outcomes[message] == .ok(.sipResponse(SIPResponse(200))))
        let subscription = desk.dispatch(to: "sip:mercutio@sip.example", method: .subscribe)
        desk.answer(1, 200)
        let named: SIPHeaders = [.to: "<sip:mercutio@sip.example>;tag=t"]
        #expect(desk.outcomes[subscription] == .ok(.sipResponse(SIPResponse(200, headers: named))))
    }

    @Test func `repeats by Timer E and gives up by Timer F, never sending anew what a living hop has`() {
        let desk = ClientDesk()
        desk.hops["proxy.example"] = .success(ClientDesk.hops("192.0.2.1", "192.0.2.2"))
        desk.lives["udp:192.0.2.1:5060"] = 483
        let number = desk.dispatch()
        desk.wait(.seconds(100))
        #expect(desk.failure(number) == .timeout)
        let moments: [Double] = [0, 0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]
        #expect(desk.sent.map(\.at) == moments.map { .seconds($0) })
        #expect(Set(desk.sent.map(\.target)) == ["udp:192.0.2.1:5060"])
        #expect(Set(desk.sent.map(\.branch)).count == 1)
    }

    @Test func `gives up when the one who asked has`() {
        let desk = ClientDesk()
        let number = desk.dispatch(patience: .seconds(5))
        desk.wait(.seconds(100))
        #expect(desk.failure(number) == .timeout)
        #expect(desk.sent.last?.at == .seconds(3.5))
    }

    @Test(arguments: [202, 301, 404, 486, 500, 603])
    func `passes every final answer on`(_ status: Int) {
        let desk = ClientDesk()
        let number = desk.dispatch()
        desk.answer(0, status)
        #expect(desk.status(number) == status)
        #expect(desk.client.load.outstanding == 0)
    }

    @Test func `goes on to the next hop when one has no room or is not there`() {
        let desk = ClientDesk()
        desk.hops["proxy.example"] = .success(ClientDesk.hops("192.0.2.1", "192.0.2.2", "192.0.2.3"))
        desk.fate["udp:192.0.2.2:5060"] = .failed(.unreachable)
        let number = desk.dispatch()
        desk.answer(0, 503)
        #expect(
            desk.sent.map(\.target) == ["udp:192.0.2.1:5060", "udp:192.0.2.2:5060", "udp:192.0.2.3:5060"]
        )
        // Who says 503 has seen the branch; who could not be reached has not.
        #expect(desk.sent[0].branch != desk.sent[1].branch)
        #expect(desk.sent[1].branch == desk.sent[2].branch)
        desk.answer(2, 200)
        #expect(desk.status(number) == 200)
    }

    @Test func `says 503 when no hop has room, and unreachable when none is there`() {
        let desk = ClientDesk()
        desk.hops["proxy.example"] = .success(ClientDesk.hops("192.0.2.1", "192.0.2.2"))
        desk.fate["udp:192.0.2.2:5060"] = .failed(.unreachable)
        let one = desk.dispatch()
        desk.answer(0, 503)
        #expect(desk.status(one) == 503)
        desk.fate["udp:192.0.2.1:5060"] = .failed(.unreachable)
        let two = desk.dispatch()
        #expect(desk.failure(two) == .unreachable)
    }

    @Test func `takes a refused datagram for an unreachable hop`() throws {
        let desk = ClientDesk()
        desk.hops["proxy.example"] = .success(ClientDesk.hops("192.0.2.1", "192.0.2.2"))
        let number = desk.dispatch()
        desk.client.refused(try #require(TransportTarget(.udp, ipAddress: "192.0.2.1", port: 5060)))
        #expect(desk.sent.map(\.target) == ["udp:192.0.2.1:5060", "udp:192.0.2.2:5060"])
        desk.client.refused(try #require(TransportTarget(.udp, ipAddress: "192.0.2.2", port: 5060)))
        #expect(desk.failure(number) == .unreachable)
        desk.client.refused(try #require(TransportTarget(.udp, ipAddress: "192.0.2.2", port: 5060)))
    }

    @Test(arguments: [
        (LocationFailure.notFound("x"), Failure.Reason.domainNotFound), (.unresolved("x"), .unreachable),
        (.unsupported("x"), .insecure), (.bogus("x"), .insecure),
    ])
    func `says why there is no hop`(_ failure: LocationFailure, _ reason: Failure.Reason) {
        let desk = ClientDesk()
        desk.hops["proxy.example"] = .failure(failure)
        #expect(desk.failure(desk.dispatch()) == reason)
        #expect(desk.failure(desk.dispatch()) == reason)
        #expect(desk.client.load.outstanding == 0)
    }

    @Test func `sends to the outbound proxy what is for our domains, and the rest where it belongs`() {
        let desk = ClientDesk()
        desk.hops["elsewhere.example"] = .success(ClientDesk.hops("192.0.2.50"))
        desk.dispatch(to: "sip:a@elsewhere.example")
        desk.dispatch(to: "tel:+15551234")
        #expect(desk.sent.map(\.target) == ["udp:192.0.2.50:5060", "udp:192.0.2.1:5060"])
        let direct = ClientDesk { $0.outboundProxy = nil }
        direct.hops["sip.example"] = .success(ClientDesk.hops("192.0.2.60"))
        direct.dispatch()
        #expect(direct.sent.map(\.target) == ["udp:192.0.2.60:5060"])
        #expect(direct.failure(direct.dispatch(to: "tel:+15551234")) == .domainNotFound)
    }

    @Test func `passes over hops that no socket reaches`() {
        let desk = ClientDesk()
        desk.hops["proxy.example"] = .success(ClientDesk.hops("2001:db8::1", "192.0.2.2"))
        desk.dispatch()
        #expect(desk.sent.map(\.target) == ["udp:192.0.2.2:5060"])
        desk.hops["proxy.example"] = .success(ClientDesk.hops("2001:db8::1"))
        #expect(desk.failure(desk.dispatch(to: "sip:other@sip.example")) == .unreachable)
    }

    @Test func `refuses what it does not send`() {
        let desk = ClientDesk()
        let delivery = Delivery(
            id: DeliveryID(high: 9, low: 9),
            key: ConversationKey("k"),
            patience: .seconds(1),
            payload: .sipAnswer(SIPAnswer(200))
        )
        var outcome: Outcome?
        desk.client.dispatch(delivery) { outcome = $0 }
        guard case .failed(let failure) = outcome else { return #expect(Bool(false), "taken") }
        #expect(failure.reason == .unsupported)
    }

    @Test func `ignores responses that belong to nothing`() {
        let desk = ClientDesk()
        let number = desk.dispatch()
        var via = SIPVia(transport: "UDP", host: .name("gw.example"))
        desk.client.received(SIPResponse(200), via: via)
        via.branch = "z9hG4bK-guess"
        desk.client.received(SIPResponse(200, headers: [.cSeq: "1 MESSAGE"]), via: via)
        #expect(desk.outcomes[number] == nil)
        desk.answer(0, 200)
        #expect(desk.status(number) == 200)
    }

    @Test func `says timeout when the connection ends before the answer`() {
        let desk = ClientDesk()
        desk.hops["proxy.example"] = .success(NextHops([ClientDesk.hop(.tcp, "192.0.2.1")]))
        let number = desk.dispatch()
        #expect(desk.sent.map(\.target) == ["tcp:192.0.2.1:5060"])
        #expect(
            desk.sent[0].text.field("Via")?.hasPrefix("SIP/2.0/TCP gw.example:5060;branch=z9hG4bK-") == true
        )
        desk.client.lost(ConnectionID(7))
        #expect(desk.outcomes[number] == nil)
        desk.client.lost(ConnectionID(1))
        #expect(desk.failure(number) == .timeout)
    }
}
