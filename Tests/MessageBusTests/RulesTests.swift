import BusContract
import Logging
import MessageBus
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// The seven rules of ARCHITECTURE section 4, over every kind of bus.
@Suite("Over the bus")
struct RulesTests {
    private let service = ServiceName("im")
    private let loop = MultiThreadedEventLoopGroup.singleton.any()
    private let otherLoop = MultiThreadedEventLoopGroup.singleton.any()

    private func delivery(
        _ number: UInt64,
        key: String = "a|b",
        patience: Duration = .seconds(20)
    ) -> Delivery {
        Delivery(
            id: DeliveryID(high: 7, low: number),
            key: ConversationKey(key),
            patience: patience,
            payload: .opaque(type: "test.Number", [UInt8(truncatingIfNeeded: number)])
        )
    }

    private func echo(_ delivery: Delivery) -> Outcome { .ok(delivery.payload) }

    @Test(arguments: BusKind.allCases)
    func `work is done and answered`(_ kind: BusKind) async throws {
        let bus = try TestBus(kind)
        let worker = try bus.client("worker", on: otherLoop)
        try await worker.serve(service, answer: echo)
        let sender = try bus.client("sender", on: loop)
        let outcome = try await sender.ask(delivery(3), of: service)
        #expect(outcome == .ok(delivery(3).payload))
        await sender.close()
        await worker.close()
    }

    @Test(arguments: BusKind.allCases)
    func `rule 1: a delivery that is lost is sent again`(_ kind: BusKind) async throws {
        let bus = try TestBus(kind)
        let worker = try bus.client("worker", on: otherLoop)
        try await worker.serve(service, answer: echo)
        let sender = try bus.client("sender", on: loop, losing: .init(deliveries: 1))
        #expect(try await sender.ask(delivery(1), of: service) == .ok(delivery(1).payload))
        await sender.close()
        await worker.close()
    }

    @Test(arguments: BusKind.allCases)
    func `rule 2: what one sender says in one conversation is done in its order`(_ kind: BusKind) async throws
    {
        let bus = try TestBus(kind)
        let worker = try bus.client("worker", on: otherLoop, losing: .init(replies: 2))
        let done = Mutex<[UInt64]>([])
        try await worker.serve(service) { delivery in
            done.withLock { $0.append(delivery.id.low) }
            return .ok(nil)
        }
        let sender = try bus.client("sender", on: loop, losing: .init(deliveries: 3))
        try await withThrowingTaskGroup(of: Void.self) { group in
            let promises = (0..<20).map { _ in loop.makePromise(of: Outcome.self) }
            let all = (0..<20).map { delivery(UInt64($0)) }
            loop.execute { [service] in
                for (one, promise) in zip(all, promises) {
                    sender.deliver(one, to: service) { promise.succeed($0) }
                }
            }
            for promise in promises { group.addTask { _ = try await promise.futureResult.get() } }
            try await group.waitForAll()
        }
        #expect(done.withLock(\.self) == Array(0..<20))
        await sender.close()
        await worker.close()
    }

    @Test(arguments: BusKind.allCases)
    func `rule 3: a reply that is lost is given again, and the work is not`(_ kind: BusKind) async throws {
        let bus = try TestBus(kind)
        let worker = try bus.client("worker", on: otherLoop, losing: .init(replies: 2))
        let done = Mutex(0)
        try await worker.serve(service) { delivery in
            done.withLock { $0 += 1 }
            return .ok(delivery.payload)
        }
        let sender = try bus.client("sender", on: loop)
        #expect(try await sender.ask(delivery(1), of: service) == .ok(delivery(1).payload))
        #expect(done.withLock(\.self) == 1)
        await sender.close()
        await worker.close()
    }

    @Test(arguments: BusKind.allCases)
    func `rule 4: an answer that comes late is still the answer`(_ kind: BusKind) async throws {
        let bus = try TestBus(kind)
        let worker = try bus.client("worker", on: otherLoop)
        let done = Mutex(0)
        try await otherLoop.submit { [service] in
            worker.serve(service) { delivery, responder in
                done.withLock { $0 += 1 }
                worker.loop.assumeIsolatedUnsafeUnchecked().scheduleTask(in: .milliseconds(700)) {
                    responder.reply(.ok(delivery.payload))
                }
            }
        }.get()
        let sender = try bus.client("sender", on: loop)
        #expect(try await sender.ask(delivery(1), of: service) == .ok(delivery(1).payload))
        #expect(done.withLock(\.self) == 1)
        await sender.close()
        await worker.close()
    }

    @Test(arguments: BusKind.allCases)
    func `rule 5: work derived again by a second owner is recognised`(_ kind: BusKind) async throws {
        let bus = try TestBus(kind)
        let worker = try bus.client("worker", on: otherLoop)
        let done = Mutex(0)
        try await worker.serve(service) { _ in
            done.withLock { $0 += 1 }
            return .ok(nil)
        }
        let received = DeliveryID(high: 1, low: 2)
        var derived = delivery(0)
        for owner in ["owner-1", "owner-2"] {
            let sender = try bus.client(owner, on: loop)
            derived.id = received.child("stanza")
            #expect(try await sender.ask(derived, of: service) == .ok(nil))
            await sender.close()
        }
        #expect(done.withLock(\.self) == 1)
        await worker.close()
    }

    @Test(arguments: BusKind.allCases)
    func `rule 6: beyond the window work is refused at once, and room is announced`(
        _ kind: BusKind
    ) async throws {
        let bus = try TestBus(kind)
        let sender = try bus.client("sender", on: loop, window: 2)
        let promise = loop.makePromise(of: Outcome.self)
        let room = loop.makePromise(of: Void.self)
        let (first, second, third) = (delivery(1), delivery(2, key: "c|d"), delivery(3, key: "e|f"))
        loop.execute { [service] in
            sender.deliver(first, to: service) { _ in }
            sender.deliver(second, to: service) { _ in }
            sender.deliver(third, to: service) { promise.succeed($0) }
            sender.whenRoom { room.succeed() }
        }
        #expect(try await promise.futureResult.get() == .busy(retryAfter: .seconds(1)))
        let worker = try bus.client("worker", on: otherLoop)
        try await worker.serve(service, answer: echo)
        try await room.futureResult.get()
        await sender.close()
        await worker.close()
    }

    @Test(arguments: BusKind.allCases)
    func `rule 7: when nobody answers, the deadline does`(_ kind: BusKind) async throws {
        let bus = try TestBus(kind)
        let sender = try bus.client("sender", on: loop)
        let outcome = try await sender.ask(delivery(1, patience: .milliseconds(300)), of: service)
        #expect(outcome == .failed(Failure(.deadline, "no answer from im in time")))
        await sender.close()
    }

    // A broker inside the process cannot die without it, and libzmq never reconnects inproc.
    @Test(arguments: [BusKind.ipc, .tcp])
    func `a broker that dies and returns loses nothing`(_ kind: BusKind) async throws {
        let bus = try TestBus(kind)
        let worker = try bus.client("worker", on: otherLoop)
        let done = Mutex<[UInt64: Int]>([:])
        try await worker.serve(service) { delivery in
            done.withLock { $0[delivery.id.low, default: 0] += 1 }
            return .ok(nil)
        }
        let sender = try bus.client("sender", on: loop)
        #expect(try await sender.ask(delivery(0), of: service) == .ok(nil))
        await bus.stopBroker()
        let promises = (1..<50).map { _ in loop.makePromise(of: Outcome.self) }
        let all = (1..<50).map { delivery(UInt64($0), key: "key \($0 % 5)") }
        loop.execute { [service] in
            for (one, promise) in zip(all, promises) {
                sender.deliver(one, to: service) { promise.succeed($0) }
            }
        }
        try await bus.replaceBroker()
        for promise in promises { #expect(try await promise.futureResult.get() == .ok(nil)) }
        #expect(done.withLock(\.self).count == 50)
        #expect(done.withLock { $0.values.allSatisfy { $0 == 1 } })
        await sender.close()
        await worker.close()
    }
}

@Suite("A client that retires")
struct RetiringTests {
    @Test(arguments: BusKind.allCases)
    func `finishes its work, leaves new work to its successor, and is idle`(_ kind: BusKind) async throws {
        let service = ServiceName("im")
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let bus = try TestBus(kind)
        let (old, new, sender) = try (
            bus.client("old", on: loop), bus.client("new", on: loop), bus.client("s", on: loop)
        )
        let begun = loop.makePromise(of: Void.self)
        let release = loop.makePromise(of: Void.self)
        try await loop.submit {
            old.serve(service) { _, responder in
                begun.succeed()
                release.futureResult.assumeIsolatedUnsafeUnchecked().whenSuccess { responder.reply(.ok(nil)) }
            }
        }.get()
        func delivery(_ number: UInt64) -> Delivery {
            Delivery(
                id: DeliveryID(high: 9, low: number),
                key: ConversationKey("key \(number)"),
                patience: .seconds(10),
                payload: .opaque(type: "test", [])
            )
        }
        async let first = sender.ask(delivery(1), of: service)
        try await begun.futureResult.get()
        try await loop.submit { old.retire() }.get()
        let idle = try await loop.submit { old.idle() }.get()
        async let second = sender.ask(delivery(2), of: service)
        try await new.serve(service) { _ in .redirect(ServiceName("new")) }
        #expect(try await second == .redirect(ServiceName("new")))
        release.succeed()
        #expect([.ok(nil), .redirect(ServiceName("new"))].contains(try await first))
        try await idle.get()
        for client in [old, new, sender] { await client.close() }
    }
}
