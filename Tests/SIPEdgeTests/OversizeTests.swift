import BusContract
import MachineKit
import SIPEdge
import SIPTransport
import Testing

/// RFC 3261 section 18.1.1.
struct OversizeTests {
    private let long = String(repeating: "x", count: 1_300)

    @Test func `sends what is larger than 1300 octets by TCP`() {
        let desk = ClientDesk()
        let number = desk.dispatch(body: long)
        #expect(desk.sent.map(\.target) == ["tcp:192.0.2.1:5060"])
        #expect(desk.sent[0].text.field("Via")?.hasPrefix("SIP/2.0/TCP") == true)
        desk.answer(0, 200)
        #expect(desk.status(number) == 200)
    }

    @Test func `says exactly how large a body may be when there is no TCP`() {
        let desk = ClientDesk()
        desk.fate["tcp:192.0.2.1:5060"] = .failed(.refused)
        let number = desk.dispatch(body: long)
        guard case .failed(let failure) = desk.outcomes[number], let room = failure.room else {
            return #expect(Bool(false), "\(String(describing: desk.outcomes[number]))")
        }
        #expect(failure.reason == .tooLarge)
        desk.dispatch(body: String(repeating: "x", count: room))
        #expect(desk.sent.last?.target == "udp:192.0.2.1:5060")
        #expect(desk.sent.last?.text.utf8.count == 1_300)
        desk.answer(desk.sent.count - 1, 200)
        let over = desk.dispatch(body: String(repeating: "x", count: room + 1))
        #expect(desk.failure(over) == .tooLarge)
    }

    @Test func `remembers for ten minutes that there is no TCP`() {
        let desk = ClientDesk()
        desk.fate["tcp:192.0.2.1:5060"] = .failed(.refused)
        desk.dispatch(body: long)
        desk.dispatch(body: long)
        #expect(desk.sent.count == 1)
        desk.wait(.seconds(600))
        desk.fate = [:]
        desk.dispatch(body: long)
        #expect(desk.sent.map(\.target) == ["tcp:192.0.2.1:5060", "tcp:192.0.2.1:5060"])
    }

    @Test func `sends it by UDP all the same if it may`() {
        let desk = ClientDesk()
        desk.fate["tcp:192.0.2.1:5060"] = .failed(.refused)
        let number = desk.dispatch(body: long, allowsOversize: true)
        #expect(desk.sent.map(\.target) == ["tcp:192.0.2.1:5060", "udp:192.0.2.1:5060"])
        desk.answer(1, 200)
        #expect(desk.status(number) == 200)
    }

    @Test func `tries no TCP where UDP is asked for`() {
        let desk = ClientDesk()
        desk.hops["proxy.example"] = .success(NextHops([ClientDesk.hop(.udp, "192.0.2.1")]))
        #expect(desk.failure(desk.dispatch(body: long)) == .tooLarge)
        #expect(desk.sent.isEmpty)
        desk.dispatch(body: long, allowsOversize: true)
        #expect(desk.sent.map(\.target) == ["udp:192.0.2.1:5060"])
    }

    @Test func `passes over UDP where the domain prefers it, and says so when the rest is not there`() {
        let desk = ClientDesk()
        desk.hops["proxy.example"] = .success(
            NextHops([
                ClientDesk.hop(.udp, "192.0.2.1"), ClientDesk.hop(.tls, "192.0.2.2", name: "proxy.example"),
                ClientDesk.hop(.tcp, "192.0.2.3"),
            ])
        )
        desk.fate["tls:192.0.2.2:5061"] = .failed(.insecure("shows a certificate for nobody"))
        desk.dispatch(body: long)
        #expect(desk.sent.map(\.target) == ["tls:192.0.2.2:5061", "tcp:192.0.2.3:5060"])
        desk.fate["tcp:192.0.2.3:5060"] = .failed(.refused)
        let other = desk.dispatch(to: "sip:other@sip.example", body: long)
        #expect(desk.failure(other) == .tooLarge)
        #expect(desk.text(other)?.contains("tcp:192.0.2.3:5060 refused") == true)
        desk.dispatch(to: "sip:short@sip.example")
        #expect(desk.sent.last?.target == "udp:192.0.2.1:5060")
    }

    @Test(arguments: 0...1_400)
    func `room is the largest body that fits`(_ rest: Int) {
        // A head of so many octets, and a body that is too large.
        let (body, limit) = (5_000, 1_300)
        let head = rest
        func size(_ body: Int) -> Int { head + String(body).utf8.count + body }
        let room = OutgoingRequest.room(size: size(body), body: body, limit: limit)
        if head + 1 > limit {
            #expect(room == 0)
        } else {
            #expect(size(room) <= limit)
            #expect(size(room + 1) > limit)
        }
    }
}
