import Store
import Testing

extension StoreTests {
    /// What is kept, and what is fenced off.
    @Suite struct Writes {
        private let long = StorePlace.long

        private func write(
            _ shard: UInt8,
            _ key: String,
            _ state: [UInt8]?,
            by owner: String = "a",
            epoch: Int64 = 1
        ) -> ConversationWrite {
            ConversationWrite(service: "im", shard: shard, owner: owner, epoch: epoch, key: key, state: state)
        }

        private func load(_ store: any Store, _ shards: [UInt8]) async throws -> [UInt8: [String: [UInt8]]] {
            try await store.load(service: "im", shards: shards).mapValues { rows in
                Dictionary(uniqueKeysWithValues: rows.map { ($0.key, $0.state) })
            }
        }

        @Test(arguments: StoreKind.installed)
        func `what is stored is loaded, by whoever comes next`(_ kind: StoreKind) async throws {
            try await StorePlace.with(kind) { place in
                try await place.withStore { store in
                    _ = try await store.claim([1, 2], service: "im", owner: "a", ttl: long)
                    let writes = [
                        write(1, "x", [1]), write(1, "y", [2]), write(2, "x", [3]), write(1, "y", nil),
                    ]
                    #expect(try await store.write(writes) == [.stored, .stored, .stored, .stored])
                    #expect(try await store.write([]) == [])
                }
                try await place.withStore { store in
                    let loaded = try await load(store, [1, 2, 3])
                    #expect(loaded == [1: ["x": [1]], 2: ["x": [3]], 3: [:]])
                    #expect(try await store.load(service: "presence", shards: [1]) == [1: []])
                    #expect(try await store.load(service: "im", shards: []) == [:])
                }
            }
        }

        @Test(arguments: StoreKind.installed)
        func `writes to one key happen in their order`(_ kind: StoreKind) async throws {
            try await StorePlace.with(kind) { place in
                try await place.withStore { store in
                    _ = try await store.claim([1], service: "im", owner: "a", ttl: long)
                    _ = try await store.write([write(1, "k", [1]), write(1, "k", nil), write(1, "k", [3])])
                    #expect(try await load(store, [1]) == [1: ["k": [3]]])
                    _ = try await store.write([write(1, "k", [4]), write(1, "k", nil)])
                    #expect(try await load(store, [1]) == [1: [:]])
                    _ = try await store.write([write(1, "k", nil), write(1, "k", [5])])
                    #expect(try await load(store, [1]) == [1: ["k": [5]]])
                }
            }
        }

        @Test(arguments: StoreKind.installed)
        func `a batch is fenced write by write`(_ kind: StoreKind) async throws {
            try await StorePlace.with(kind) { place in
                try await place.withStore { store in
                    _ = try await store.claim([1], service: "im", owner: "a", ttl: long)
                    _ = try await store.claim([2], service: "im", owner: "b", ttl: long)
                    _ = try await store.claim([3], service: "im", owner: "a", ttl: long)
                    _ = try await store.claim([3], service: "im", owner: "a", ttl: long)
                    _ = try await store.write([write(1, "old", [0]), write(3, "old", [0], epoch: 2)])
                    let batch = [
                        write(1, "k", [1]), write(2, "k", [2]), write(3, "old", nil), write(4, "k", [4]),
                        write(1, "old", nil, by: "b"), write(1, "k2", [5], epoch: 2),
                        write(3, "k", [6], epoch: 2),
                        write(1, "k", [7], by: ""), write(2, "k", [8], by: "b"),
                    ]
                    #expect(
                        try await store.write(batch) == [
                            .stored, .fenced, .fenced, .fenced, .fenced, .fenced, .stored, .fenced, .stored,
                        ]
                    )
                    #expect(
                        try await load(store, [1, 2, 3, 4]) == [
                            1: ["k": [1], "old": [0]], 2: ["k": [8]], 3: ["k": [6], "old": [0]], 4: [:],
                        ]
                    )
                }
            }
        }

        @Test(arguments: StoreKind.installed)
        func `what was given back is nobody's to write`(_ kind: StoreKind) async throws {
            try await StorePlace.with(kind) { place in
                try await place.withStore { store in
                    _ = try await store.claim([1], service: "im", owner: "a", ttl: long)
                    try await store.release([1], service: "im", owner: "a")
                    let writes = [write(1, "k", [1]), write(1, "k", [2], by: "")]
                    #expect(try await store.write(writes) == [.fenced, .fenced])
                    #expect(try await load(store, [1]) == [1: [:]])
                }
            }
        }

        @Test(arguments: StoreKind.installed)
        func `keys and states are octets, whatever they hold`(_ kind: StoreKind) async throws {
            try await StorePlace.with(kind) { place in
                try await place.withStore { store in
                    _ = try await store.claim([1], service: "im", owner: "a", ttl: long)
                    let keys = [
                        "", "a", "A", "a\u{0}b", "a\u{0}c", "\u{E9}", "e\u{301}",
                        "'; DROP TABLE conversations; --",
                        "\\x00", "{a,\"b\"}", "NULL", "🐇", String(repeating: "k", count: 9000),
                    ]
                    let states: [[UInt8]] = [
                        [], [0], [UInt8](0...255), [UInt8](repeating: 7, count: 300_000),
                    ]
                    let writes = keys.enumerated().map { number, key in
                        write(1, key, states[number % states.count])
                    }
                    #expect(try await store.write(writes).allSatisfy { $0 == .stored })
                    // Strings that mean the same are equal to Swift and different keys all the same.
                    let rows = try await store.load(service: "im", shards: [1])[1] ?? []
                    let found = Dictionary(uniqueKeysWithValues: rows.map { (Array($0.key.utf8), $0.state) })
                    let expected = writes.map { (Array($0.key.utf8), $0.state ?? []) }
                    #expect(found == Dictionary(uniqueKeysWithValues: expected))
                }
            }
        }

        @Test(arguments: StoreKind.installed)
        func `many conversations come back whole`(_ kind: StoreKind) async throws {
            try await StorePlace.with(kind) { place in
                try await place.withStore { store in
                    let all = [UInt8](0...255)
                    _ = try await store.claim(all, service: "im", owner: "a", ttl: long)
                    let writes = (0..<5000).map { number in
                        write(UInt8(number % 256), "k\(number)", Array("state \(number)".utf8))
                    }
                    #expect(try await store.write(writes).allSatisfy { $0 == .stored })
                    let loaded = try await load(store, all)
                    #expect(loaded.count == 256)
                    for write in writes { #expect(loaded[write.shard]?[write.key] == write.state) }
                    #expect(loaded.values.reduce(0) { $0 + $1.count } == writes.count)
                }
            }
        }
    }
}
