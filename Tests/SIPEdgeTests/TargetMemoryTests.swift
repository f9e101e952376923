import MachineKit
import SIPEdge
import SIPTransport
import TestKit
import Testing

/// Laws of the memory of dead targets.
struct TargetMemoryTests {
    private func target(_ number: Int) throws -> TransportTarget {
        let transport = TransportProtocol.allCases[number % 3]
        return try #require(
            TransportTarget(transport, ipAddress: "10.0.\(number / 256).\(number % 256)", port: 5060)
        )
    }

    private func at(_ seconds: Double) -> Moment { .start + .seconds(seconds) }

    private func next(_ memory: TargetMemory) -> Moment? {
        var memory = memory
        return memory.nextMoment
    }

    @Test func `stands back twice as long after each failure, up to a bound, and is cleared by an answer`()
        throws
    {
        var memory = TargetMemory()
        let target = try target(1)
        memory.failed(target, at: at(0))
        var moments: [Duration] = []
        for _ in 0..<9 {
            let moment = try #require(next(memory))
            moments.append(moment.sinceStart)
            memory.failed(target, at: moment)
            let due = memory.due(at: moment)
            #expect(due == [target])
            #expect(memory.isDead(target, at: moment))
            let isKnown = memory.probeFailed(target, at: moment)
            #expect(isKnown)
        }
        #expect(moments == [5, 15, 35, 75, 155, 315, 615, 915, 1_215].map { .seconds($0) })
        memory.answered(target)
        #expect(!memory.isDead(target, at: at(2_000)))
        #expect(next(memory) == nil)
        memory.failed(target, at: at(2_000))
        #expect(next(memory) == at(2_005))
    }

    @Test func `many failures at one time are one`() throws {
        var memory = TargetMemory()
        let target = try target(1)
        for _ in 0..<1_000 { memory.failed(target, at: at(0)) }
        #expect(next(memory) == at(5))
    }

    @Test func `a transport, an address and a name make a target`() throws {
        var memory = TargetMemory()
        let dead = try #require(TransportTarget(.tls, ipAddress: "192.0.2.1", port: 5061, name: "a.example"))
        memory.failed(dead, at: at(0))
        for (transport, port, name) in [
            (.tcp, 5061, "a.example"), (.tls, 5060, "a.example"), (.tls, 5061, "b.example"),
            (.tls, 5061, nil),
        ] as [(TransportProtocol, Int, String?)] {
            let other = TransportTarget(transport, ipAddress: "192.0.2.1", port: port, name: name)
            #expect(!memory.isDead(try #require(other), at: at(1)))
        }
        #expect(memory.isDead(dead, at: at(1)))
    }

    @Test func `beyond its bound nobody is asked, and time alone brings back`() throws {
        var memory = TargetMemory(limits: TargetMemory.Limits(capacity: 3, probed: 1))
        let targets = try (0..<4).map { try target($0) }
        for target in targets { memory.failed(target, at: at(0)) }
        #expect(memory.count == 3)
        let due = memory.due(at: at(5))
        #expect(due == [targets[0]])
        #expect(targets.map { memory.isDead($0, at: at(5)) } == [true, false, false, false])
        // The next failure of one that was not asked counts as its second.
        memory.failed(targets[1], at: at(6))
        #expect(memory.isDead(targets[1], at: at(15.9)))
        #expect(!memory.isDead(targets[1], at: at(16)))
        _ = memory.probeFailed(targets[0], at: at(6))
        let later = memory.due(at: at(616))
        #expect(later == [])
        #expect(memory.count == 0)
    }

    @Test(arguments: 0..<40)
    func `whatever happens, it stays bounded, keeps every target and asks only the dead`(seed: UInt64) throws
    {
        var dice = SplitMix64(seed: seed)
        let limits = TargetMemory.Limits(capacity: 24, probed: 8)
        var memory = TargetMemory(limits: limits)
        let targets = try (0..<48).map { try target($0) }
        var asked: Set<TransportTarget> = []
        var now = Moment.start
        for _ in 0..<2_000 {
            now = now + .milliseconds(Int64.random(in: 0...3_000, using: &dice))
            let target = targets[Int.random(in: 0..<48, using: &dice)]
            switch Int.random(in: 0..<6, using: &dice) {
            case 0, 1: memory.failed(target, isConfigured: Bool.random(using: &dice), at: now)
            case 2:
                memory.failed(target, retryAfter: .seconds(Int.random(in: 0...9_999, using: &dice)), at: now)
            case 3:
                memory.answered(target)
                asked.remove(target)
                #expect(!memory.isDead(target, at: now), "seed \(seed)")
            case 4:
                for target in asked { _ = memory.probeFailed(target, at: now) }
                asked = []
            default:
                let ordered = memory.order(targets, by: \.self, at: now)
                #expect(Set(ordered) == Set(targets), "seed \(seed)")
                let dead = ordered.map { memory.isDead($0, at: now) }
                #expect(dead == dead.sorted { !$0 && $1 }, "seed \(seed)")
            }
            for due in memory.due(at: now) {
                #expect(memory.isDead(due, at: now), "seed \(seed)")
                #expect(asked.insert(due).inserted, "seed \(seed): asked twice at one time")
            }
            #expect(memory.count <= limits.capacity, "seed \(seed)")
            #expect(asked.count <= limits.probed, "seed \(seed)")
        }
        for target in targets { memory.answered(target) }
        #expect(memory.count == 0 && next(memory) == nil, "seed \(seed)")
    }
}
