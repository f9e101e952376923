import BusContract
import MessageBus
import NIOCore
import NIOPosix
import Synchronization
import Testing

@Suite("With two brokers")
struct BrokersTests {
    private let service = ServiceName("im")
    private let loop = MultiThreadedEventLoopGroup.singleton.any()

    /// How often each delivery was done.
    private final class Done: Sendable {
        let counts = Mutex<[UInt64: Int]>([:])

        func note(_ delivery: Delivery) { counts.withLock { $0[delivery.id.low, default: 0] += 1 } }
    }

    /// Asks for many at once, in conversations of all kinds of shards; the outcomes in their order.
    private func ask(
        _ numbers: Range<UInt64>,
        of service: ServiceName,
        by sender: BusClient
    ) async throws
        -> [Outcome]
    {
        let promises = numbers.map { _ in loop.makePromise(of: Outcome.self) }
        let all = numbers.map { Delivery.number($0, key: "key \($0 % 64)") }
        sender.loop.execute {
            for (one, promise) in zip(all, promises) {
                sender.deliver(one, to: service) { promise.succeed($0) }
            }
        }
        var outcomes: [Outcome] = []
        for promise in promises { outcomes.append(try await promise.futureResult.get()) }
        return outcomes
    }

    private func serve(_ worker: BusClient, _ done: Done) async throws {
        try await worker.serve(service) { delivery in
            done.note(delivery)
            return .ok(nil)
        }
    }

    @Test(arguments: [BusKind.ipc, .tcp], [0, 1])
    func `one that is killed under load takes nothing with it, and the other carries on`(
        _ kind: BusKind,
        _ killed: Int
    ) async throws {
        let site = try await Site(brokers: 2, over: kind)
        let done = Done()
        let (worker, _) = site.client("worker")
        let (sender, _) = site.client("sender", on: loop)
        try await serve(worker, done)
        #expect(try await ask(0..<200, of: service, by: sender).allSatisfy { $0 == .ok(nil) })
        async let during = ask(200..<2_200, of: service, by: sender)
        await site.end(killed)
        #expect(try await during.allSatisfy { $0 == .ok(nil) })
        #expect(try await ask(2_200..<2_400, of: service, by: sender).allSatisfy { $0 == .ok(nil) })
        #expect(done.counts.withLock { $0.count } == 2_400)
        #expect(done.counts.withLock { $0.values.allSatisfy { $0 == 1 } })
        await sender.close()
        await worker.close()
        await site.end()
    }

    @Test(arguments: [0, 1])
    func `one that is gone costs no repeats, and one that returns is used again`(_ gone: Int) async throws {
        let site = try await Site(brokers: 2)
        let done = Done()
        let (worker, replies) = site.client("worker")
        let (sender, deliveries) = site.client("sender", on: loop)
        try await serve(worker, done)
        _ = try await ask(0..<64, of: service, by: sender)
        await site.end(gone)
        // Both ends notice.
        await site.log.says("broker lost", past: 1)
        // And so they do soon, when libzmq has told all that it knows.
        var (next, repeats) = (100 as UInt64, Int.max)
        while repeats > 0, next < 10_000 {
            let before = deliveries.passedSoFar.deliveries + replies.passedSoFar.replies
            let outcomes = try await ask(next..<next + 200, of: service, by: sender)
            #expect(outcomes.allSatisfy { $0 == .ok(nil) })
            repeats = deliveries.passedSoFar.deliveries + replies.passedSoFar.replies - before - 400
            next += 200
        }
        #expect(repeats == 0)
        let reached = site.log.lines(with: "broker reached").count
        try await site.restart(gone)
        await site.log.says("broker reached", past: reached + 1)
        await site.end(1 - gone)
        #expect(try await ask(20_000..<20_200, of: service, by: sender).allSatisfy { $0 == .ok(nil) })
        #expect(done.counts.withLock { $0.values.allSatisfy { $0 == 1 } })
        await sender.close()
        await worker.close()
        await site.end()
    }

    @Test func `what was said while no broker was there does not arrive when it is no longer wanted`()
        async throws
    {
        let site = try await Site()
        let done = Done()
        let (worker, _) = site.client("worker")
        let (sender, _) = site.client("sender", on: loop)
        try await serve(worker, done)
        #expect(try await ask(0..<1, of: service, by: sender) == [.ok(nil)])
        await site.end(0)
        await site.log.says("broker lost", past: 1)
        let unwanted = try await sender.ask(.number(50, patience: .milliseconds(500)), of: service)
        #expect(unwanted == .failed(Failure(.deadline, "no answer from im in time")))
        try await site.restart(0)
        #expect(try await ask(60..<80, of: service, by: sender).allSatisfy { $0 == .ok(nil) })
        #expect(done.counts.withLock { $0[50] } == nil)
        await sender.close()
        await worker.close()
        await site.end()
    }

    @Test func `a reply goes the way its question came`() async throws {
        let site = try await Site(brokers: 2)
        let (worker, _) = site.client("worker")
        try await serve(worker, Done())
        // Two that share a name listen, each at one broker; the worker must not choose between them.
        let peers = try site.endpoints.map { try RawPeer($0, listeningTo: "reply/raw/") }
        for peer in peers { #expect(peer.reaches("im/00/")) }
        for (number, peer) in [peers[0], peers[1], peers[1], peers[0], peers[1], peers[0]].enumerated() {
            let delivery = Delivery.number(UInt64(number))
            peer.publish([Array("im/00/".utf8), Parcel(sender: "raw", deliveries: [delivery]).encoded])
            #expect(peer.reply(to: delivery.id)?.outcome == .ok(nil))
        }
        for peer in peers { peer.close() }
        await worker.close()
        await site.end()
    }
}
