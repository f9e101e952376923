import Store
import TestKit
import Testing

extension StoreTests {
    /// Owners that do anything in any order; each failure names its seed.
    @Suite struct AnyOrder {
        private static let owners = ["a", "b", "c", "d"]
        private static let shards = [UInt8](0..<8)

        @Test(arguments: StoreKind.installed, [UInt64](1...6))
        func `a store does what its model does`(_ kind: StoreKind, _ seed: UInt64) async throws {
            try await StorePlace.with(kind) { place in
                // One store a replica: what one does the others see.
                var stores: [any Store] = []
                for _ in Self.owners { stores.append(try await place.open()) }
                var random = SplitMix64(seed: seed)
                var model = LeaseModel()
                for _ in 0..<150 {
                    let index = Int.random(in: 0..<Self.owners.count, using: &random)
                    try await step(&model, stores[index], Self.owners[index], place, &random)
                }
                let roster = try await stores[0].renew(service: "im", owner: "nobody", ttl: StorePlace.long)
                #expect(roster.leases == model.leases)
                let loaded = try await stores[1].load(service: "im", shards: Self.shards)
                for shard in Self.shards {
                    let rows = (loaded[shard] ?? []).map { ($0.key, $0.state) }
                    #expect(Dictionary(uniqueKeysWithValues: rows) == model.rows[shard] ?? [:])
                }
                for store in stores { await store.close() }
            }
        }

        private func step(
            _ model: inout LeaseModel,
            _ store: any Store,
            _ owner: String,
            _ place: StorePlace,
            _ random: inout SplitMix64
        ) async throws {
            let ttl = StorePlace.long
            let some = Self.shards.filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
            switch Int.random(in: 0..<12, using: &random) {
            case 0...3:
                let expected = model.claim(some, owner, ttl: ttl)
                #expect(try await store.claim(some, service: "im", owner: owner, ttl: ttl) == expected)
            case 4:
                model.release(some, owner)
                try await store.release(some, service: "im", owner: owner)
            case 5:
                model.release(Self.shards, owner)
                try await store.leave(service: "im", owner: owner)
            case 6:
                model.renew(owner, ttl: ttl)
                let roster = try await store.renew(service: "im", owner: owner, ttl: ttl)
                #expect(roster.leases == model.leases)
            case 7:
                // Only where time can be moved.
                guard case .file = place.address else { return }
                let pause = ttl / 4 * Int.random(in: 1...4, using: &random)
                model.advance(by: pause)
                place.clock.advance(by: pause)
            default:
                let writes = some.map { shard in
                    let epoch =
                        (model.leases[shard]?.epoch ?? 0)
                        - (Int.random(in: 0..<4, using: &random) == 0 ? 1 : 0)
                    let state: [UInt8]? =
                        Int.random(in: 0..<4, using: &random) == 0
                        ? nil : [.random(in: 0...255, using: &random)]
                    let key = "k\(Int.random(in: 0..<4, using: &random))"
                    return ConversationWrite(
                        service: "im",
                        shard: shard,
                        owner: owner,
                        epoch: epoch,
                        key: key,
                        state: state
                    )
                }
                let expected = writes.map { model.write($0) }
                #expect(try await store.write(writes) == expected)
            }
        }

        @Test(arguments: StoreKind.installed, [UInt64](1...3))
        func `no shard has two owners, however many reach for it at once`(
            _ kind: StoreKind,
            _ seed: UInt64
        ) async throws {
            try await StorePlace.with(kind) { place in
                let ledger = LeaseLedger()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for (number, owner) in Self.owners.enumerated() {
                        group.addTask {
                            let random = SplitMix64(seed: seed &* 100 &+ UInt64(number))
                            try await place.withStore { store in
                                try await compete(store, owner, ledger, random)
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                #expect(ledger.faults == [])
                try await place.withStore { store in
                    let leases = try await store.renew(service: "im", owner: "nobody", ttl: StorePlace.long)
                        .leases
                    let loaded = try await store.load(service: "im", shards: Self.shards)
                    for shard in Self.shards {
                        #expect(leases[shard]?.epoch ?? 0 == Int64(ledger.grants(of: shard)))
                        // The last one that was allowed to write has written last.
                        #expect(loaded[shard]?.first?.state == ledger.lastWrite(to: shard))
                    }
                }
            }
        }

        private func compete(
            _ store: any Store,
            _ owner: String,
            _ ledger: LeaseLedger,
            _ seeded: SplitMix64
        ) async throws {
            var random = seeded
            var held: [UInt8: Int64] = [:]
            for _ in 0..<40 {
                let some = Self.shards.filter { _ in Bool.random(using: &random) }
                let taken = try await store.claim(some, service: "im", owner: owner, ttl: StorePlace.long)
                ledger.claimed(taken, by: owner)
                held.merge(taken) { $1 }
                // One of them under an epoch that has passed.
                let writes = held.sorted { $0.key < $1.key }.flatMap { shard, epoch in
                    [epoch, epoch - 1].map { epoch in
                        ConversationWrite(
                            service: "im",
                            shard: shard,
                            owner: owner,
                            epoch: epoch,
                            key: "k",
                            state: Array("\(epoch) \(owner)".utf8)
                        )
                    }
                }
                ledger.wrote(writes, try await store.write(writes))
                let back = held.keys.sorted().filter { _ in Bool.random(using: &random) }
                ledger.releases(back, by: owner)
                for shard in back { held[shard] = nil }
                try await store.release(back, service: "im", owner: owner)
            }
        }

        @Test(arguments: StoreKind.installed)
        func `a claim waits for the writes under way, and none passes it later`(
            _ kind: StoreKind
        ) async throws {
            try await StorePlace.with(kind) { place in
                let (writer, claimer) = try await (place.open(), place.open())
                var epochs = try await claimer.claim([1], service: "im", owner: "a", ttl: StorePlace.long)
                for round in UInt8(0)..<40 {
                    let epoch = try #require(epochs[1])
                    let writes = (0..<200).map { number in
                        ConversationWrite(
                            service: "im",
                            shard: 1,
                            owner: "a",
                            epoch: epoch,
                            key: "k\(number)",
                            state: [round]
                        )
                    }
                    async let results = writer.write(writes)
                    epochs = try await claimer.claim([1], service: "im", owner: "a", ttl: StorePlace.long)
                    let taken = try await claimer.load(service: "im", shards: [1])[1] ?? []
                    let isStored = try await results.contains(.stored)
                    // Whoever claimed has seen all that there will ever be under the earlier epoch.
                    let later = try await claimer.load(service: "im", shards: [1])[1] ?? []
                    #expect(Set(taken) == Set(later))
                    #expect(taken.contains { $0.state == [round] } == isStored)
                }
                await writer.close()
                await claimer.close()
            }
        }
    }
}
