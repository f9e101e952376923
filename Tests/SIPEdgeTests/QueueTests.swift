import BusContract
import MachineKit
import SIPEdge
import SIPGrammar
import SIPTransactions
import Testing

/// RFC 3428 section 8: one MESSAGE outside a dialog at a time for one target.
struct QueueTests {
    @Test func `sends ten to one target in order, each after the answer to the one before`() {
        let desk = ClientDesk()
        let numbers = (0..<10).map { desk.dispatch(body: "m\($0)") }
        for index in 0..<10 {
            #expect(desk.sent.count == index + 1)
            desk.answer(index, index == 3 ? 404 : 200)
        }
        #expect(desk.bodies == (0..<10).map { "m\($0)" })
        #expect(numbers.map { desk.status($0) } == [200, 200, 200, 404, 200, 200, 200, 200, 200, 200])
        #expect(desk.client.load.waiting == 0)
    }

    @Test func `lets different targets and requests in a dialog go at once`() {
        let desk = ClientDesk()
        desk.dispatch(to: "sip:a@sip.example")
        desk.dispatch(to: "sip:b@sip.example")
        desk.dispatch(to: "sip:a@sip.example", toTag: "x")
        desk.dispatch(to: "sip:a@sip.example", method: .options)
        #expect(desk.sent.count == 4)
        desk.dispatch(to: "sip:a@sip.example")
        #expect(desk.sent.count == 4)
    }

    @Test func `leaves to another edge what waits and is another's, and not what has left`() {
        let desk = ClientDesk()
        let numbers = ["ours", "theirs", "ours", "theirs"].map { desk.dispatch(body: $0, key: $0) }
        desk.client.giveUpWaiting { _ in false }
        #expect(desk.leftToOthers.isEmpty)
        desk.client.giveUpWaiting { $0 == ConversationKey("theirs") }
        #expect(desk.leftToOthers == [numbers[1], numbers[3]])
        #expect(desk.client.load.waiting == 1)
        desk.client.giveUpWaiting { $0 == ConversationKey("ours") }
        #expect(desk.leftToOthers == [numbers[1], numbers[3], numbers[2]])
        desk.answer(0, 200)
        #expect(desk.status(numbers[0]) == 200)
        #expect(desk.bodies == ["ours"])
        #expect(desk.client.load == (outstanding: 0, waiting: 0))
    }

    @Test func `goes on with the next when one fails`() {
        let desk = ClientDesk()
        let numbers = (0..<3).map { desk.dispatch(body: "m\($0)") }
        desk.wait(.seconds(33))
        #expect(desk.failure(numbers[0]) == .timeout)
        #expect(desk.bodies.last == "m1")
        desk.answer(desk.sent.count - 1, 200)
        #expect(desk.bodies.last == "m2")
    }

    @Test func `refuses the hundred and first that waits`() {
        let desk = ClientDesk()
        let numbers = (0..<102).map { desk.dispatch(body: "\($0)") }
        #expect(desk.client.load.waiting == 100)
        #expect(desk.failure(numbers[101]) == .overloaded)
        #expect(numbers.dropLast().allSatisfy { desk.outcomes[$0] == nil })
    }

    @Test func `refuses when too many wait for all targets together`() {
        let desk = ClientDesk { $0.queue = QueueLimits(entries: 100, total: 5) }
        let numbers = (0..<6).map { desk.dispatch(body: "\($0)") }
        #expect(numbers.map { desk.failure($0) } == [nil, nil, nil, nil, nil, .overloaded])
        #expect(desk.failure(desk.dispatch(to: "sip:other@sip.example")) == .overloaded)
    }

    @Test func `lets nothing wait longer than a minute, or than the one who asked`() {
        let desk = ClientDesk { $0.timing.t1 = .seconds(10) }
        desk.dispatch(body: "0", patience: .seconds(1_000))
        let long = desk.dispatch(body: "1", patience: .seconds(1_000))
        let short = desk.dispatch(body: "2", patience: .seconds(7))
        desk.wait(.seconds(8))
        #expect(desk.failure(short) == .overloaded)
        #expect(desk.outcomes[long] == nil)
        desk.wait(.seconds(53))
        #expect(desk.failure(long) == .overloaded)
        #expect(Set(desk.bodies) == ["0"])
        #expect(desk.client.load.waiting == 0)
    }
}
