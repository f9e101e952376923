import BusContract
import MachineKit
import SIPEdge
import SIPTransport
import Testing

/// RFC 8305: connecting to a server that has several addresses.
struct RaceTests {
    private static let (v6, v4) = ("tcp:[2001:db8::1]:5060", "tcp:192.0.2.1:5060")

    private func desk(_ hops: NextHop...) -> ClientDesk {
        let desk = ClientDesk()
        (desk.holdsConnections, desk.hasIPv6) = (true, true)
        desk.hops["proxy.example"] = .success(
            NextHops(hops.isEmpty ? [ClientDesk.hop(.tcp, "2001:db8::1", "192.0.2.1")] : hops)
        )
        return desk
    }

    @Test func `gives the first address a quarter of a second for itself`() {
        let desk = desk()
        let number = desk.dispatch()
        #expect(desk.connecting.map(\.target) == [Self.v6])
        desk.wait(.milliseconds(240))
        #expect(desk.connecting.count == 1)
        #expect(desk.client.load.outstanding == 1)
        desk.connect(Self.v6, nil)
        #expect(desk.sent.map(\.target) == [Self.v6])
        desk.wait(.seconds(1))
        #expect(desk.connecting.isEmpty)
        desk.answer(0, 200)
        #expect(desk.status(number) == 200)
    }

    @Test func `tries the next beside it, and sends once by whichever is first`() {
        let desk = desk()
        let number = desk.dispatch()
        desk.wait(.milliseconds(300))
        #expect(desk.connecting.map(\.at) == [.zero, .milliseconds(250)])
        desk.connect(Self.v4, nil)
        desk.connect(Self.v6, nil)
        desk.wait(.seconds(1))
        #expect(desk.sent.map(\.target) == [Self.v4])
        desk.answer(0, 200)
        #expect(desk.status(number) == 200)
        #expect(desk.client.failedTargets == 0)
    }

    @Test func `tries the next at once when one fails, and remembers who fails late`() {
        let desk = desk(ClientDesk.hop(.tcp, "2001:db8::1", "2001:db8::2", "192.0.2.1"))
        desk.dispatch()
        desk.connect(Self.v6, .unreachable)
        #expect(desk.connecting.map(\.target) == ["tcp:[2001:db8::2]:5060"])
        desk.wait(.milliseconds(250))
        desk.connect(Self.v4, nil)
        #expect(desk.sent.map(\.target) == [Self.v4])
        desk.connect("tcp:[2001:db8::2]:5060", .unreachable)
        #expect(desk.client.failedTargets == 2)
        desk.answer(0, 200)
        desk.dispatch()
        #expect(desk.connecting.map(\.target) == [Self.v4])
    }

    @Test func `goes on to the next server when no address is left`() {
        let desk = desk(
            ClientDesk.hop(.tls, "2001:db8::1", "192.0.2.1", name: "proxy.example"),
            ClientDesk.hop(.udp, "192.0.2.2")
        )
        desk.dispatch()
        desk.connect("tls:[2001:db8::1]:5061", .refused)
        desk.connect("tls:192.0.2.1:5061", .insecure("shows a certificate for nobody"))
        #expect(desk.sent.map(\.target) == ["udp:192.0.2.2:5060"])
    }

    @Test func `an address that lost the race is tried when the winner has no room`() {
        let desk = desk(ClientDesk.hop(.tcp, "2001:db8::1", "192.0.2.1", "192.0.2.2"))
        let number = desk.dispatch()
        desk.connect(Self.v6, nil)
        desk.answer(0, 503)
        desk.connect(Self.v4, nil)
        desk.answer(1, 503)
        #expect(desk.sent.map(\.target) == [Self.v6, Self.v4, "tcp:192.0.2.2:5060"])
        desk.answer(2, 200)
        #expect(desk.status(number) == 200)
    }

    @Test func `says what became of every address`() {
        let desk = desk()
        let number = desk.dispatch()
        desk.connect(Self.v6, .unreachable)
        desk.connect(Self.v4, .refused)
        #expect(desk.text(number) == "\(Self.v6) unreachable, \(Self.v4) refused")
        #expect(desk.client.load == (outstanding: 0, waiting: 0))
    }

    @Test func `sends nothing when it is too late`() {
        let desk = desk()
        let number = desk.dispatch(patience: .seconds(1))
        desk.wait(.seconds(2))
        desk.connect(Self.v6, nil)
        #expect(desk.sent.isEmpty)
        #expect(desk.failure(number) == .timeout)
    }
}
