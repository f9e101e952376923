import MachineKit
import ServiceKit
import Store
import TestKit
import Testing

@Suite("One member's part in sharing the shards")
struct ShardKeeperTests {
    @Test func `alone, owns everything at once and shows every second that it is alive`() {
        var site = Site(members: 1)
        site.run(.milliseconds(50))
        #expect(site.owners(of: 0...255) == Array(repeating: "m0", count: 256))
        let before = site.questions
        site.run(.seconds(10))
        #expect((9...10).contains(site.questions - before))
    }

    @Test(arguments: [2, 3, 5, 7])
    func `shares fairly, whoever comes`(count: Int) {
        var site = Site(members: 1)
        site.run(.seconds(1))
        for number in 1..<count {
            site.join("m\(number)")
            site.run(.seconds(3))
        }
        let shares = site.shares
        #expect(shares.values.reduce(0, +) == 256)
        #expect(shares.values.max().map { $0 <= 256 / count + 1 } == true)
        #expect(shares.values.min().map { $0 >= 256 / count } == true)
    }

    @Test func `takes over within five seconds what a killed member had`() {
        var site = Site(members: 3)
        site.run(.seconds(5))
        site.kill("m1")
        site.run(.seconds(5))
        #expect(site.shares == ["m0": 128, "m2": 128])
    }

    @Test func `hands over within a hundred milliseconds what a member gives back`() {
        var site = Site(members: 2)
        site.run(.seconds(5))
        site.tell("m1", .giveBack(Array(0...255)))
        site.tell("m1", .leave)
        site.run(.milliseconds(100))
        #expect(site.shares == ["m0": 256])
    }

    @Test func `owns nothing when it wakes up after its leases ran out, and takes part again`() {
        var site = Site(members: 2)
        site.run(.seconds(5))
        site.pause("m0")
        site.run(.seconds(8))
        #expect(site.owned(by: "m0").isEmpty)
        #expect(site.shares["m1"] == 256)
        site.resume("m0")
        #expect(site.owned(by: "m0").isEmpty)
        site.run(.seconds(5))
        #expect(site.shares == ["m0": 128, "m1": 128])
    }

    @Test func `gives back again what the store did not hear of`() {
        var site = Site(members: 1)
        site.run(.seconds(5))
        site.lostReleases = 2
        site.join("m1")
        site.run(.seconds(6))
        #expect(site.lostReleases == 0)
        #expect(site.shares == ["m0": 128, "m1": 128])
    }

    @Test func `keeps quiet about a store that is away for a moment, and gives up when it stays away`() {
        var site = Site(members: 2)
        site.run(.seconds(5))
        site.isAway = true
        site.run(.seconds(2))
        #expect(site.shares == ["m0": 128, "m1": 128])
        site.run(.seconds(28))
        #expect(site.shares.isEmpty)
        site.isAway = false
        site.run(.seconds(5))
        #expect(site.shares == ["m0": 128, "m1": 128])
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `everyone has the shards again that they had when a store was away`(seed: UInt64) {
        var site = Site(members: 3, seed: seed)
        site.run(.seconds(8))
        let before = site.alive.map { site.owned(by: $0) }
        site.isAway = true
        site.run(.seconds(10))
        #expect(site.shares.isEmpty)
        site.isAway = false
        site.run(.seconds(6))
        #expect(site.alive.map { site.owned(by: $0) } == before)
        #expect(site.moved.isEmpty, "\(site.moved.prefix(3))")
    }

    /// Whatever happens, no shard has two owners at a time, epochs grow, and in the end everything is owned.
    @Test(arguments: 0..<16 as Range<UInt64>)
    func `no shard has two owners`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var site = Site(members: 2, seed: seed)
        for number in 2..<40 {
            site.run(.milliseconds(Int64.random(in: 1...3_000, using: &random)))
            let member = site.alive.randomElement(using: &random)
            switch Int.random(in: 0..<8, using: &random) {
            case 0, 1: site.join("m\(number)")
            case 2: if let member, site.alive.count > 1 { site.kill(member) }
            case 3: if let member, site.alive.count > 1 { site.tell(member, .leave) }
            case 4: if let member { site.pause(member) }
            case 5: for member in site.paused { site.resume(member) }
            case 6: site.isAway.toggle()
            default: if let member { site.tell(member, .nudge) }
            }
        }
        site.isAway = false
        for member in site.paused { site.resume(member) }
        site.run(.seconds(12))
        #expect(site.faults.isEmpty, "\(site.faults.prefix(3))")
        #expect(site.shares.values.reduce(0, +) == 256)
    }
}
