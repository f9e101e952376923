import BusContract
import MachineKit
import SIPEdge
import SIPGrammar
import SIPTransport
import Testing

/// INVITE on its way out: its responses are told one by one, its dispatch ends with the first.
struct OutgoingInviteTests {
    private let desk = ClientDesk()

    private func invite() -> Int {
        desk.dispatch(
            body: "v=0\r\n",
            method: .invite,
            contact: "<sip:juliet@edge.invalid>",
            patience: .seconds(38)
        )
    }

    private var statuses: [Int] { desk.progress.map(\.response.status) }

    @Test func `each response is told, and the dispatch ends with the first`() throws {
        let number = invite()
        #expect(desk.sent.first?.text.field("Contact") == "<sip:juliet@gw.example:5060>")
        #expect(desk.outcomes[number] == nil)
        desk.answer(0, 100)
        #expect(desk.outcomes[number] == .ok(nil))
        desk.answer(0, 180)
        desk.answer(0, 200)
        #expect(statuses == [100, 180, 200])
        #expect(desk.told.allSatisfy { $0.service == ServiceName("audio") && $0.delivery.key.text == "k" })
        #expect(Set(desk.told.map(\.delivery.id)).count == 3)
        #expect(desk.progress.map(\.invite) == Array(repeating: DeliveryID(high: 0, low: 1), count: 3))
        #expect(desk.progress.last?.source == "udp:192.0.2.1:5060")
        #expect(desk.sent.count == 1)
        #expect(desk.client.load.outstanding == 0)
    }

    @Test func `a 2xx that is repeated is told again, and so is one whose transaction is gone`() throws {
        _ = invite()
        desk.answer(0, 200)
        desk.answer(0, 200)
        #expect(statuses == [200, 200])
        desk.wait(.seconds(40))
        desk.answer(0, 200)
        // The tag of this INVITE leads nowhere.
        #expect(statuses == [200, 200])
        let tag = "a3f-0123456789abcdef0123456789abcdef.1"
        let stray = SIPResponse(
            200,
            headers: [
                .via: "SIP/2.0/UDP gw.example;branch=z9hG4bK-00000000000000000000000000000007",
                .from: "<sip:juliet@wonder.example>;tag=\(tag)", .to: "<sip:romeo@sip.example>;tag=x",
                .callID: "1", .cSeq: "1 INVITE",
            ]
        )
        let via = try stray.headers.topVia()
        desk.client.received(stray, via: via)
        desk.client.received(stray, via: via)
        #expect(statuses == [200, 200, 200, 200])
        #expect(desk.progress.last?.invite == DeliveryID(high: 0, low: 7))
        #expect(desk.told.last?.delivery.key.text == "a3f-0123456789abcdef0123456789abcdef")
        #expect(Set(desk.told.map(\.delivery.id)).count == 4)
    }

    @Test func `a failure is acknowledged here, each time that it comes`() throws {
        _ = invite()
        desk.answer(0, 486)
        #expect(statuses == [486])
        #expect(desk.sent.count == 2)
        let ack = desk.sent[1]
        #expect(ack.text.hasPrefix("ACK sip:romeo@sip.example SIP/2.0\r\n"))
        #expect(ack.branch == desk.sent[0].branch)
        #expect(ack.text.field("To") == "<sip:romeo@sip.example>;tag=t")
        #expect(ack.text.field("CSeq") == "1 ACK")
        desk.answer(0, 486)
        #expect(desk.sent.count == 3)
        #expect(statuses == [486])
    }

    @Test func `is repeated until something is heard, and given up after 64 T1`() {
        let number = invite()
        desk.wait(.seconds(31.9))
        #expect(desk.sent.map(\.at) == [0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5].map { .seconds($0) })
        #expect(desk.outcomes[number] == nil)
        desk.wait(.seconds(0.2))
        #expect(desk.failure(number) == .timeout)
        #expect(desk.told.isEmpty)
    }

    @Test func `goes on to the next target while nobody has heard anything`() {
        desk.hops["proxy.example"] = .success(ClientDesk.hops("192.0.2.1", "192.0.2.2", "192.0.2.3"))
        desk.fate["udp:192.0.2.1:5060"] = .failed(.unreachable)
        let number = invite()
        #expect(desk.sent.map(\.target) == ["udp:192.0.2.1:5060", "udp:192.0.2.2:5060"])
        desk.answer(1, 503)
        #expect(desk.sent.last?.target == "udp:192.0.2.3:5060")
        #expect(desk.outcomes[number] == nil)
        desk.answer(desk.sent.count - 1, 180)
        desk.answer(desk.sent.count - 1, 503)
        #expect(statuses == [180, 503])
        // Of the first nothing has left: the second has its branch.
        #expect(Set(desk.sent.filter { $0.text.hasPrefix("INVITE") }.map(\.branch)).count == 2)
    }

    @Test func `a 100 is the next hop's alone: another is tried when that one fails, and its end is told`() {
        desk.hops["proxy.example"] = .success(ClientDesk.hops("192.0.2.1", "192.0.2.2"))
        let number = invite()
        desk.answer(0, 100)
        #expect(desk.outcomes[number] == .ok(nil))
        desk.answer(0, 503)
        let second = desk.sent.lastIndex { $0.text.hasPrefix("INVITE") }
        #expect(desk.sent.last { $0.text.hasPrefix("INVITE") }?.target == "udp:192.0.2.2:5060")
        desk.answer(second ?? 0, 100)
        desk.wait(.seconds(120))
        desk.answer(second ?? 0, 503)
        #expect(statuses == [100, 100, 503])
        #expect(Set(desk.told.map(\.delivery.id)).count == 3)
        #expect(desk.client.load.outstanding == 0)
    }

    @Test func `a connection that ends after ringing is a 503, and silence after it a 408`() {
        desk.hops["proxy.example"] = .success(NextHops([ClientDesk.hop(.tcp, "192.0.2.1")]))
        _ = invite()
        desk.answer(0, 180)
        desk.client.lost(ConnectionID(1))
        #expect(statuses == [180, 503])
        #expect(desk.progress.last?.source == "")
        _ = invite()
        desk.answer(1, 180)
        desk.wait(.seconds(301))
        #expect(statuses == [180, 503, 180, 408])
        #expect(desk.client.load.outstanding == 0)
    }

    @Test func `a CANCEL goes where its INVITE went, under its branch`() throws {
        let number = invite()
        desk.answer(0, 180)
        let cancel = desk.dispatch(method: .cancel, cancels: number)
        let sent = try #require(desk.sent.last)
        #expect(sent.text.hasPrefix("CANCEL "))
        #expect(sent.branch == desk.sent[0].branch)
        #expect(sent.target == desk.sent[0].target)
        desk.answer(desk.sent.count - 1, 200)
        #expect(desk.status(cancel) == 200)
        desk.answer(0, 487)
        #expect(statuses == [180, 487])
        let late = desk.dispatch(method: .cancel, cancels: number)
        #expect(desk.failure(late) == .unsupported)
    }

    @Test func `who answers a CANCEL and not its INVITE is given 64 T1`() {
        let number = invite()
        desk.answer(0, 180)
        desk.dispatch(method: .cancel, cancels: number)
        desk.answer(desk.sent.count - 1, 200)
        desk.wait(.seconds(33))
        #expect(statuses == [180, 408])
    }

    @Test func `an ACK is done when it has left`() {
        let number = desk.dispatch(body: "", method: .ack, toTag: "t")
        #expect(desk.outcomes[number] == .ok(nil))
        #expect(desk.sent.count == 1)
        desk.wait(.seconds(60))
        #expect(desk.sent.count == 1)
        desk.fate["udp:192.0.2.1:5060"] = .failed(.refused)
        #expect(desk.failure(desk.dispatch(body: "", method: .ack, toTag: "t")) == .unreachable)
    }
}
