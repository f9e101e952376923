import BusContract
import Logging
import MachineKit
import MessageBus
import NIOCore
import NIOPosix
import ServiceKit
import Store
import Synchronization
import Telemetry
import TestKit
import Testing

@Suite("A clock that jumps")
struct ClockTests {
    private static let hour = Duration.seconds(3_600)

    /// Nobody's leases are worth anything at once, and whoever beats first takes what it likes.
    @Test(arguments: 0..<4 as Range<UInt64>)
    func `forwards at the store: who lost a shard knows within a beat, and no epoch has two owners`(
        seed: UInt64
    ) {
        var site = Site(members: 3, seed: seed)
        site.run(.milliseconds(5_000 + Int64(seed) * 260))
        site.storeIsAhead += Self.hour
        site.run(ShardKeeper.beat + .milliseconds(100))
        let before = site.faults.count
        site.run(.seconds(6))
        #expect(site.faults.count == before, "two owners more than a beat later: \(site.faults.suffix(1))")
        #expect(site.epochFaults.isEmpty, "\(site.epochFaults.prefix(3))")
        #expect(site.shares.values.sorted() == [85, 85, 86])
    }

    @Test(arguments: 0..<2 as Range<UInt64>)
    func `backwards at the store: nothing changes hands`(seed: UInt64) {
        var site = Site(members: 3, seed: seed)
        site.run(.seconds(8))
        let before = site.alive.map { site.owned(by: $0) }
        site.storeIsAhead -= Self.hour
        site.run(.seconds(10))
        #expect(site.alive.map { site.owned(by: $0) } == before)
        #expect(site.faults.isEmpty && site.epochFaults.isEmpty, "\(site.faults.prefix(3))")
    }

    @Test func `backwards at the store: what is given back is another's at once all the same`() {
        var site = Site(members: 2)
        site.run(.seconds(5))
        site.storeIsAhead -= Self.hour
        site.run(.seconds(2))
        site.tell("m1", .giveBack(Array(0...255)))
        site.tell("m1", .leave)
        site.run(.milliseconds(100))
        #expect(site.shares == ["m0": 256])
    }

    /// Whatever happens besides, and however often it jumps.
    @Test(arguments: 0..<8 as Range<UInt64>)
    func `never gives one epoch of a shard two owners`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var site = Site(members: 3, seed: seed)
        for number in 3..<30 {
            site.run(.milliseconds(Int64.random(in: 1...2_000, using: &random)))
            let member = site.alive.randomElement(using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: site.storeIsAhead += .milliseconds(Int64.random(in: 0...9_000, using: &random))
            case 1: site.storeIsAhead -= .milliseconds(Int64.random(in: 0...3_000, using: &random))
            case 2 where site.alive.count < 6: site.join("m\(number)")
            case 3: if let member, site.alive.count > 1 { site.kill(member) }
            case 4: if let member { site.pause(member) }
            default: for member in site.paused { site.resume(member) }
            }
        }
        for member in site.paused { site.resume(member) }
        // What a clock was set back by, leases of the dead last longer: here a few seconds.
        site.run(.seconds(20))
        #expect(site.epochFaults.isEmpty, "\(site.epochFaults.prefix(3))")
        #expect(site.shares.values.reduce(0, +) == 256)
    }

    @Test(
        arguments: [
            (1_000, 1_000, nil), (5_000, 5_900, nil), (5_000, 4_100, nil), (1_000, 0, nil),
            (1_000, 2_001, .milliseconds(1_001)), (1_000, -1, .milliseconds(-1_001)),
            (1_000, 3_601_000, .seconds(3_600)), (1_000, -3_599_000, .seconds(-3_600)),
        ] as [(Int64, Int64, Duration?)]
    )
    func `is noticed when it is a second off`(_ passed: Int64, _ told: Int64, _ jump: Duration?) {
        var watch = ClockWatch()
        #expect(watch.look(WallTime(milliseconds: 1_700_000_000_000), at: .start) == nil)
        let now = Moment.start + .milliseconds(passed)
        #expect(watch.look(WallTime(milliseconds: 1_700_000_000_000 + told), at: now) == jump)
        // It is told once.
        let later = WallTime(milliseconds: 1_700_000_001_000 + told)
        #expect(watch.look(later, at: now + .seconds(1)) == nil)
    }

    @Test func `at the host is counted and told by how much`() async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let (bus, log, metrics) = (LocalBus(), HeardLog(), MetricsRegistry())
        let isAhead = Mutex<Int64>(0)
        let store = LoneStore()
        let client = BusClient(instance: "only", link: bus.link(), loop: loop, logger: log.logger)
        let other = BusClient(instance: "other", link: bus.link(), loop: loop, logger: log.logger)
        let holder = ShardHolder(
            ServiceName("im"),
            on: client,
            store: store,
            logger: log.logger,
            metrics: metrics,
            timeOfDay: { WallTime(milliseconds: WallTime.now.milliseconds + isAhead.withLock(\.self)) }
        )
        loop.execute { holder.start() }
        await log.says("shards taken")
        isAhead.withLock { $0 = 3_600_000 }
        // Makes it look at the store, and so at the clock, at once.
        loop.execute { other.announceGivenBack(ServiceName("im")) }
        await log.says("clock jumped")
        let lines = log.lines.filter { $0.contains("clock jumped") }
        #expect(lines.count == 1)
        // To the millisecond.
        #expect(lines.allSatisfy { $0.contains("3600.") || $0.contains("3599.99") }, "\(lines)")
        #expect(metrics.exposition().contains("causeway_clock_jumps_total{service=\"im\"} 1\n"))
        await client.close()
        await other.close()
    }
}

/// The store of a service with one replica.
private final class LoneStore: Store {
    private let epochs = Mutex<[UInt8: Int64]>([:])

    func renew(service: String, owner: String, ttl: Duration) async throws(StoreError) -> Roster {
        let leases = epochs.withLock { $0.mapValues { Lease(owner: owner, epoch: $0, isLive: true) } }
        return Roster(members: [owner], leases: leases)
    }

    func claim(
        _ shards: [UInt8],
        service: String,
        owner: String,
        ttl: Duration
    ) async throws(StoreError) -> [UInt8: Int64] {
        epochs.withLock { epochs in
            for shard in shards { epochs[shard, default: 0] += 1 }
            return epochs.filter { shards.contains($0.key) }
        }
    }

    func release(_ shards: [UInt8], service: String, owner: String) async throws(StoreError) {}
    func leave(service: String, owner: String) async throws(StoreError) {}
    func load(service: String, shards: [UInt8]) async throws(StoreError) -> [UInt8: [ConversationRow]] { [:] }
    func write(_ writes: [ConversationWrite]) async throws(StoreError) -> [WriteResult] { [] }
    func secret(named name: String, orStore fresh: [UInt8]) async throws(StoreError) -> [UInt8] { fresh }
    func close() async {}
}

/// The lines of a log, for a test that waits for one.
private final class HeardLog: LogSink {
    private struct State {
        var lines: [String] = []
        var waiting: [(String, CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    var lines: [String] { state.withLock(\.lines) }

    var logger: Logger {
        Logger(label: "test") { [self] label in LineLogHandler(label: label, level: .debug, sink: self) }
    }

    func write(_ line: [UInt8]) {
        let text = String(decoding: line, as: UTF8.self)
        let heard = state.withLock { state in
            state.lines.append(text)
            defer { state.waiting.removeAll { text.contains($0.0) } }
            return state.waiting.filter { text.contains($0.0) }
        }
        for (_, continuation) in heard { continuation.resume() }
    }

    func says(_ text: String) async {
        await withCheckedContinuation { continuation in
            let isSaid = state.withLock { state in
                if state.lines.contains(where: { $0.contains(text) }) { return true }
                state.waiting.append((text, continuation))
                return false
            }
            if isSaid { continuation.resume() }
        }
    }
}
