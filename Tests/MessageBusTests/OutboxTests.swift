import BusContract
import MachineKit
import MessageBus
import TestKit
import Testing

@Suite("The sending half of the bus client")
struct OutboxTests {
    typealias Sent = Lab<Outbox>.Sent

    private let service = ServiceName("im")

    private func delivery(
        _ number: UInt64,
        key: String = "a|b",
        patience: Duration = .seconds(20)
    ) -> Delivery {
        Delivery(
            id: DeliveryID(high: 0, low: number),
            key: ConversationKey(key),
            patience: patience,
            payload: .opaque(type: "test", [])
        )
    }

    private func published(_ outputs: [Outbox.Output]) -> [UInt64] {
        outputs.compactMap {
            switch $0 {
            case .publish(let delivery, to: _, attempt: _): delivery.id.low
            case .completed: nil
            }
        }
    }

    private func ok(_ number: UInt64) -> Outbox.Input {
        .reply(Reply(id: DeliveryID(high: 0, low: number), outcome: .ok(nil)))
    }

    @Test func `repeats under the epoch of the latest owner that asks for the same`() {
        var lab = Lab(Outbox())
        var one = Delivery.number(1)
        let service = ServiceName("sip-edge")
        one.fence = Fence(service: ServiceName("im"), shard: 1, epoch: 1)
        _ = lab.play(.deliver(one, to: service))
        one.fence?.epoch = 2
        #expect(lab.play(.deliver(one, to: service)).isEmpty)
        let epochs = lab.wait(.milliseconds(300)).compactMap { sent -> Int64? in
            guard case .publish(let delivery, to: _, attempt: _) = sent.output else { return nil }
            return delivery.fence?.epoch
        }
        #expect(epochs == [2])
    }

    @Test func `publishes again at 200 ms, doubling, until the deadline, and says that it passed`() {
        var lab = Lab(Outbox())
        #expect(lab.play(.deliver(delivery(1), to: service)).count == 1)
        let later = lab.wait(.seconds(60))
        let moments = later.map(\.at)
        #expect(
            moments == [
                .milliseconds(200), .milliseconds(600), .milliseconds(1_400), .seconds(3),
                .milliseconds(6_200),
                .milliseconds(12_600), .seconds(20),
            ]
        )
        let late = Failure(.deadline, "no answer from im in time")
        #expect(later.last?.output == .completed(DeliveryID(high: 0, low: 1), .failed(late)))
        #expect(published(later.map(\.output)).count == 6)
    }

    @Test func `says how much patience is left each time`() {
        var lab = Lab(Outbox())
        _ = lab.play(.deliver(delivery(1), to: service))
        let again = lab.wait(.milliseconds(700)).map(\.output)
        var second = delivery(1)
        second.patience = .milliseconds(19_800)
        var third = delivery(1)
        third.patience = .milliseconds(19_400)
        #expect(
            again == [.publish(second, to: service, attempt: 1), .publish(third, to: service, attempt: 2)]
        )
    }

    @Test func `is silent after the answer`() {
        var lab = Lab(Outbox())
        _ = lab.play(.deliver(delivery(1), to: service))
        #expect(lab.play(ok(1)) == [.completed(DeliveryID(high: 0, low: 1), .ok(nil))])
        #expect(lab.play(ok(1)) == [])
        #expect(lab.ignored == ["a reply to nothing"])
        #expect(lab.wait(.seconds(60)) == [])
        #expect(lab.subject.outstanding == 0)
    }

    @Test func `keeps what follows of a key until all that is in flight of it has ended`() {
        var lab = Lab(Outbox())
        #expect(published(lab.play(.deliver(delivery(1), to: service))) == [1])
        #expect(published(lab.play(.deliver(delivery(2), to: service))) == [])
        #expect(published(lab.play(.deliver(delivery(3), to: service))) == [])
        #expect(published(lab.play(.deliver(delivery(9, key: "c|d"), to: service))) == [9])
        #expect(published(lab.play(ok(1))) == [2, 3])
        #expect(published(lab.play(.deliver(delivery(4), to: service))) == [])
        #expect(published(lab.play(ok(3))) == [])
        #expect(published(lab.play(ok(2))) == [4])
    }

    @Test func `lets the next go when a deadline ends the one before`() {
        var lab = Lab(Outbox())
        _ = lab.play(.deliver(delivery(1, patience: .seconds(1)), to: service))
        _ = lab.play(.deliver(delivery(2), to: service))
        let sent = lab.wait(.seconds(1)).filter { $0.at == .seconds(1) }
        #expect(published(sent.map(\.output)) == [2])
    }

    @Test func `ends what still waits when its own deadline passes`() {
        var lab = Lab(Outbox())
        _ = lab.play(.deliver(delivery(1), to: service))
        _ = lab.play(.deliver(delivery(2, patience: .milliseconds(50)), to: service))
        let sent = lab.wait(.milliseconds(100)).map(\.output)
        let late = Failure(.deadline, "no answer from im in time")
        #expect(sent == [.completed(DeliveryID(high: 0, low: 2), .failed(late))])
        #expect(published(lab.play(ok(1))) == [])
        #expect(lab.subject.outstanding == 0)
    }

    @Test func `refuses beyond the window, and takes again when there is room`() {
        var lab = Lab(Outbox(window: 2))
        _ = lab.play(.deliver(delivery(1), to: service))
        _ = lab.play(.deliver(delivery(2, key: "c|d"), to: service))
        #expect(!lab.subject.hasRoom)
        #expect(
            lab.play(.deliver(delivery(3), to: service))
                == [.completed(DeliveryID(high: 0, low: 3), .busy(retryAfter: .seconds(1)))]
        )
        _ = lab.play(ok(2))
        #expect(lab.subject.hasRoom)
    }

    /// Whatever replies come in whatever order, each delivery ends exactly once and each key keeps its order.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func `ends each delivery exactly once`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var lab = Lab(Outbox(window: 20))
        var ended: [UInt64: Int] = [:]
        var firstPublished: [String: [UInt64]] = [:]
        var taken: [UInt64] = []
        func note(_ outputs: [Outbox.Output]) {
            for output in outputs {
                switch output {
                case .publish(let delivery, to: _, let attempt):
                    if attempt == 0 { firstPublished[delivery.key.text, default: []].append(delivery.id.low) }
                case .completed(let id, _): ended[id.low, default: 0] += 1
                }
            }
        }
        for number in 1...100 as ClosedRange<UInt64> {
            taken.append(number)
            let key = "k\(Int.random(in: 0..<4, using: &random))"
            note(lab.play(.deliver(delivery(number, key: key), to: service)))
            if Bool.random(using: &random), let answered = taken.randomElement(using: &random) {
                note(lab.play(ok(answered)))
            }
            note(lab.wait(.milliseconds(Int.random(in: 0..<900, using: &random))).map(\.output))
        }
        note(lab.wait(.seconds(60)).map(\.output))
        #expect(ended.count == 100)
        #expect(ended.values.allSatisfy { $0 == 1 })
        for ids in firstPublished.values { #expect(ids == ids.sorted()) }
        #expect(lab.pendingTimers == 0)
    }
}
