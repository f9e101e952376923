import BusContract
import MachineKit
import MessageBus
import TestKit
import Testing

@Suite("The receiving half of the bus client")
struct InboxTests {
    private func delivery(_ number: UInt64) -> Delivery {
        Delivery(
            id: DeliveryID(high: number, low: number &* 0x9E37_79B9_7F4A_7C15),
            key: ConversationKey("a|b"),
            patience: .seconds(20),
            payload: .opaque(type: "test", [])
        )
    }

    @Test func `does a delivery once and repeats its answer`() {
        var lab = Lab(Inbox())
        let one = delivery(1)
        #expect(lab.play(.arrived(one, from: "edge")) == [.work(one)])
        #expect(lab.play(.arrived(one, from: "edge")) == [])
        let reply = Reply(id: one.id, outcome: .ok(nil))
        #expect(lab.play(.answered(one.id, .ok(nil))) == [.reply(reply, to: "edge")])
        #expect(lab.play(.arrived(one, from: "edge")) == [.reply(reply, to: "edge")])
    }

    @Test func `answers everyone who asked`() {
        var lab = Lab(Inbox())
        let one = delivery(1)
        _ = lab.play(.arrived(one, from: "edge-1"))
        _ = lab.play(.arrived(one, from: "edge-2"))
        let reply = Reply(id: one.id, outcome: .ok(nil))
        #expect(
            lab.play(.answered(one.id, .ok(nil))) == [
                .reply(reply, to: "edge-1"), .reply(reply, to: "edge-2"),
            ]
        )
    }

    @Test func `ignores a second answer`() {
        var lab = Lab(Inbox())
        _ = lab.play(.arrived(delivery(1), from: "edge"))
        _ = lab.play(.answered(delivery(1).id, .ok(nil)))
        #expect(lab.play(.answered(delivery(1).id, .failed(Failure(.timeout, "")))) == [])
        #expect(lab.ignored == ["answered twice"])
    }

    @Test func `does again what it had been too busy for`() {
        var lab = Lab(Inbox())
        let one = delivery(1)
        _ = lab.play(.arrived(one, from: "edge"))
        _ = lab.play(.answered(one.id, .busy(retryAfter: .seconds(1))))
        #expect(lab.play(.arrived(one, from: "edge")) == [.work(one)])
    }

    @Test func `remembers an answer for as long as any sender may ask, and not for ever`() {
        var lab = Lab(Inbox())
        let one = delivery(1)
        _ = lab.play(.arrived(one, from: "edge"))
        _ = lab.play(.answered(one.id, .ok(nil)))
        _ = lab.wait(Inbox.longestPatience)
        #expect(
            lab.play(.arrived(one, from: "edge")) == [
                .reply(Reply(id: one.id, outcome: .ok(nil)), to: "edge")
            ]
        )
        _ = lab.wait(.seconds(30))
        let two = delivery(2)
        _ = lab.play(.arrived(two, from: "edge"))
        _ = lab.play(.answered(two.id, .ok(nil)))
        #expect(lab.subject.remembered == 1)
    }

    /// The memory agrees with a plain dictionary through growth, expiry and collisions.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func `remembers exactly what is young enough`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var lab = Lab(Inbox(memory: .seconds(10)))
        var answered: [DeliveryID: (at: Duration, outcome: Outcome)] = [:]
        for number in 0..<3_000 as Range<UInt64> {
            var one = delivery(number)
            // Few distinct low words, so that probes collide.
            if number.isMultiple(of: 3) { one.id.low = random.next() & 0xFF }
            guard answered[one.id] == nil else { continue }
            let outcome: Outcome =
                Bool.random(using: &random) ? .ok(nil) : .failed(Failure(.timeout, "\(number)"))
            #expect(lab.play(.arrived(one, from: "edge")) == [.work(one)])
            _ = lab.play(.answered(one.id, outcome))
            answered[one.id] = (lab.now.sinceStart, outcome)
            if let (id, known) = answered.randomElement(using: &random),
                lab.now.sinceStart - known.at < .seconds(10)
            {
                var repeated = delivery(0)
                repeated.id = id
                let reply = Reply(id: id, outcome: known.outcome)
                #expect(lab.play(.arrived(repeated, from: "edge")) == [.reply(reply, to: "edge")])
            }
            _ = lab.wait(.milliseconds(Int.random(in: 0..<20, using: &random)))
        }
        #expect(lab.subject.remembered < answered.count)
    }
}
