import BusContract
import MachineKit
import SIPEdge
import TestKit
import Testing

struct TransactionMemoryTests {
    private let lifetime = Duration.seconds(32)

    private func id(_ number: UInt64) -> DeliveryID {
        DeliveryID(high: number &* 0x9E37_79B9_7F4A_7C15, low: number)
    }

    @Test func `tells repeats, merged requests and new ones apart`() {
        var memory = TransactionMemory(capacity: 100, lifetime: lifetime)
        memory.remember(id(1), merge: 7, status: 202, answer: nil, at: .start)
        memory.remember(id(2), merge: 8, status: 404, answer: [1, 2], at: .start)
        #expect(memory.find(id(1), merge: 7) == .completed(status: 202, answer: nil))
        #expect(memory.find(id(2), merge: 8) == .completed(status: 404, answer: [1, 2]))
        #expect(memory.find(id(3), merge: 7) == .merged)
        #expect(memory.find(id(3), merge: 9) == .unknown)
    }

    @Test func `forgets after Timer J, not before`() {
        var memory = TransactionMemory(capacity: 100, lifetime: lifetime)
        memory.remember(id(1), merge: 1, status: 404, answer: [1], at: .start)
        memory.remember(id(2), merge: 2, status: 202, answer: nil, at: .start + .seconds(1))
        memory.forgetExpired(at: .start + .milliseconds(31_999))
        #expect(memory.count == 2)
        memory.forgetExpired(at: .start + .seconds(32))
        #expect(memory.find(id(1), merge: 1) == .unknown)
        #expect(memory.find(id(2), merge: 2) == .completed(status: 202, answer: nil))
        memory.forgetExpired(at: .start + .seconds(33))
        #expect(memory.count == 0)
    }

    @Test func `forgets the oldest when there are too many`() {
        var memory = TransactionMemory(capacity: 10, lifetime: lifetime)
        for number in 0..<25 {
            memory.remember(id(UInt64(number)), merge: UInt64(number), status: 202, answer: nil, at: .start)
        }
        #expect(memory.count == 10)
        #expect(memory.find(id(14), merge: 14) == .unknown)
        #expect(memory.find(id(15), merge: 15) == .completed(status: 202, answer: nil))
    }

    @Test func `works while its 32-bit clock turns over`() {
        var memory = TransactionMemory(capacity: 10, lifetime: lifetime)
        let turn = Moment(nanoseconds: Int64(UInt32.max) * 1_000_000)
        memory.remember(id(1), merge: 1, status: 202, answer: nil, at: turn)
        memory.forgetExpired(at: turn + .seconds(31))
        #expect(memory.count == 1)
        memory.forgetExpired(at: turn + .seconds(33))
        #expect(memory.count == 0)
    }

    /// What 12,000 requests a second leave behind in the 32 s of Timer J.
    @Test func `takes 384,000 transactions in 24 MB, and gives the memory back`() {
        var memory = TransactionMemory(capacity: 524_288, lifetime: lifetime)
        for number in 0..<384_000 as Range<UInt64> {
            memory.remember(
                id(number),
                merge: number &* 0xff51_afd7_ed55_8ccd,
                status: 202,
                answer: nil,
                at: .start
            )
        }
        #expect(memory.count == 384_000)
        #expect(memory.size <= 24 * 1_048_576)
        #expect(memory.find(id(0), merge: 0) == .completed(status: 202, answer: nil))
        for _ in 0..<12 { memory.forgetExpired(at: .start + .seconds(33)) }
        #expect(memory.size <= 65_536)
    }

    /// Against a list that does the same slowly; few merge keys and few home slots, so that chains are long.
    @Test(arguments: 0..<20)
    func `agrees with a simple list`(seed: UInt64) {
        var dice = SplitMix64(seed: seed)
        var memory = TransactionMemory(capacity: 64, lifetime: .milliseconds(50))
        var list: [(id: DeliveryID, merge: UInt64, expires: Moment)] = []
        var now = Moment.start
        for number in 0..<3_000 as Range<UInt64> {
            now = now + .milliseconds(Int64.random(in: 0...3, using: &dice))
            let merge = UInt64.random(in: 0..<40, using: &dice)
            memory.remember(id(number), merge: merge, status: 202, answer: nil, at: now)
            list.removeAll { $0.expires <= now }
            if list.count == 64 { list.removeFirst() }
            list.append((id(number), merge, now + .milliseconds(50)))
            let asked = list[Int.random(in: 0..<list.count, using: &dice)]
            #expect(memory.find(asked.id, merge: asked.merge) == .completed(status: 202, answer: nil))
            let other = UInt64.random(in: 0..<80, using: &dice)
            let isMerged = list.contains { $0.merge == other }
            #expect(memory.find(id(1 << 40), merge: other) == (isMerged ? .merged : .unknown), "seed \(seed)")
            #expect(memory.count == list.count)
        }
    }
}
