import BusContract
import MachineKit
import MessageBus
import TestKit
import Testing

struct AnswerMemoryTests {
    private static func id(_ number: UInt64) -> DeliveryID {
        DeliveryID(high: number, low: number &* 0x9E37_79B9_7F4A_7C15)
    }

    private static func moment(_ milliseconds: UInt64) -> Moment {
        .start + .milliseconds(Int64(milliseconds))
    }

    @Test func `remembers tens of thousands and forgets them all`() {
        var memory = AnswerMemory(for: .seconds(45))
        for number in 0..<50_000 as Range<UInt64> {
            memory.remember(.ok(nil), of: Self.id(number), at: Self.moment(number))
        }
        // Of the first 5 seconds, what the segments' coarse ends leave.
        #expect((45_000...50_000).contains(memory.count))
        #expect((5_000..<50_000 as Range<UInt64>).allSatisfy { memory[Self.id($0)] == .ok(nil) })
        memory.remember(.ok(nil), of: Self.id(50_000), at: Self.moment(200_000))
        #expect(memory.count == 1)
        #expect(memory[Self.id(49_999)] == nil)
        #expect(memory[Self.id(50_000)] == .ok(nil))
    }

    @Test func `forgets the oldest early when too many outcomes differ`() {
        var memory = AnswerMemory(for: .seconds(45), mostDistinct: 10_000)
        for number in 0..<30_000 as Range<UInt64> {
            let outcome = Outcome.failed(Failure(.timeout, "number \(number)"))
            memory.remember(outcome, of: Self.id(number), at: Self.moment(0))
        }
        #expect((6_000...14_100).contains(memory.count))
        #expect(memory[Self.id(29_999)] == .failed(Failure(.timeout, "number 29999")))
        #expect(memory[Self.id(0)] == nil)
    }

    /// The segments and their index agree with a plain dictionary when every probe collides.
    @Test(arguments: 0..<10 as Range<UInt64>)
    func `finds what collides`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var memory = AnswerMemory(for: .seconds(1))
        var known: [DeliveryID: (at: UInt64, outcome: Outcome)] = [:]
        var now: UInt64 = 0
        for number in 0..<4_000 as Range<UInt64> {
            now += UInt64.random(in: 0..<10, using: &random)
            let id = DeliveryID(high: number & 0xFFFF, low: random.next() & 0xF)
            if known[id] == nil {
                let outcome: Outcome =
                    random.next() & 1 == 0 ? .ok(nil) : .redirect(ServiceName("s\(number % 100)"))
                memory.remember(outcome, of: id, at: Self.moment(now))
                known[id] = (now, outcome)
            }
            if let (id, one) = known.randomElement(using: &random), one.at + 1_000 >= now {
                #expect(memory[id] == one.outcome)
            }
        }
        #expect(memory.count < 1_000)
    }
}
