import Store
import Testing

extension StoreTests {
    /// Writes of many callers at once.
    @Suite struct GroupCommit {
        private func write(
            _ shard: UInt8,
            _ key: String,
            _ state: [UInt8],
            epoch: Int64 = 1
        ) -> ConversationWrite {
            ConversationWrite(service: "im", shard: shard, owner: "a", epoch: epoch, key: key, state: state)
        }

        private func label(_ kind: StoreKind) -> String { kind == .sqlite ? "sqlite" : "postgresql" }

        @Test(arguments: StoreKind.installed)
        func `writes that wait share a transaction, and each is answered for itself`(
            _ kind: StoreKind
        ) async throws {
            try await StorePlace.with(kind) { place in
                let metrics = CountingMetrics()
                let store = try await place.open(metrics: metrics)
                _ = try await store.claim([1], service: "im", owner: "a", ttl: StorePlace.long)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<400 {
                        group.addTask {
                            // Every fourth comes too late.
                            let isLate = number % 4 == 3
                            let write = write(1, "k\(number)", [1], epoch: isLate ? 0 : 1)
                            let results = try await store.write([write])
                            #expect(results == [isLate ? .fenced : .stored])
                        }
                    }
                    try await group.waitForAll()
                }
                #expect(try await store.load(service: "im", shards: [1])[1]?.count == 300)
                let name = label(kind)
                #expect(metrics["causeway_store_writes_total \(name)"] == 300)
                #expect(metrics["causeway_store_fenced_total \(name)"] == 100)
                let commits = metrics["causeway_store_commits_total \(name)"]
                #expect(commits > 0 && commits < 400)
                #expect(metrics["causeway_store_commit_seconds \(name)"] == commits)
                await store.close()
            }
        }

        @Test(arguments: StoreKind.installed)
        func `each caller's writes keep their order among the others'`(_ kind: StoreKind) async throws {
            try await StorePlace.with(kind) { place in
                try await place.withStore { store in
                    _ = try await store.claim([1], service: "im", owner: "a", ttl: StorePlace.long)
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for caller in 0..<16 {
                            group.addTask {
                                for number in UInt8(0)..<20 {
                                    let two = [
                                        write(1, "k\(caller)", [number, 0]),
                                        write(1, "k\(caller)", [number, 1]),
                                    ]
                                    let results = try await store.write(two)
                                    #expect(results == [.stored, .stored])
                                }
                            }
                        }
                        try await group.waitForAll()
                    }
                    let rows = try await store.load(service: "im", shards: [1])[1] ?? []
                    #expect(rows.count == 16)
                    #expect(rows.allSatisfy { $0.state == [19, 1] })
                }
            }
        }

        @Test(arguments: StoreKind.installed)
        func `what cannot be written fails alone`(_ kind: StoreKind) async throws {
            try await StorePlace.with(kind) { place in
                try await place.withStore { store in
                    _ = try await store.claim([1], service: "im", owner: "a", ttl: StorePlace.long)
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for number in 0..<60 {
                            group.addTask {
                                var write = write(1, "k\(number)", [1])
                                if number % 20 == 7 {
                                    // No text of PostgreSQL's holds this; SQLite has no such service.
                                    write.service = "i\u{0}m"
                                    let results = try? await store.write([write])
                                    #expect(results != [.stored])
                                } else {
                                    let results = try await store.write([write])
                                    #expect(results == [.stored])
                                }
                            }
                        }
                        try await group.waitForAll()
                    }
                }
            }
        }

        @Test(arguments: StoreKind.installed)
        func `a store that is closed finishes first, and then says so`(_ kind: StoreKind) async throws {
            try await StorePlace.with(kind) { place in
                let store = try await place.open()
                _ = try await store.claim([1], service: "im", owner: "a", ttl: StorePlace.long)
                async let stored = store.write([write(1, "k", [1])])
                _ = try await stored
                await store.close()
                await store.close()
                let error = await #expect(throws: StoreError.self) {
                    try await store.write([write(1, "k", [2])])
                }
                #expect(error == StoreError(.unavailable, "the store is closed"))
                try await place.withStore { next in
                    let rows = try await next.load(service: "im", shards: [1])
                    #expect(rows[1]?.map(\.state) == [[1]])
                }
            }
        }
    }
}
