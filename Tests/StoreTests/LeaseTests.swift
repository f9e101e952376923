import Store
import Testing

extension StoreTests {
    /// Who owns what.
    @Suite struct Leases {
        private let long = StorePlace.long

        @Test(arguments: StoreKind.installed)
        func `a free shard has one owner, and its first epoch is 1`(_ kind: StoreKind) async throws {
            try await StorePlace.with(kind) { place in
                try await place.withStore { store in
                    let first = try await store.claim([1, 2, 3], service: "im", owner: "a", ttl: long)
                    #expect(first == [1: 1, 2: 1, 3: 1])
                    let second = try await store.claim([2, 3, 4], service: "im", owner: "b", ttl: long)
                    #expect(second == [4: 1])
                }
            }
        }

        @Test(arguments: StoreKind.installed)
        func `an owner that claims again gets a greater epoch`(_ kind: StoreKind) async throws {
            try await StorePlace.with(kind) { place in
                try await place.withStore { store in
                    for epoch in Int64(1)...3 {
                        let taken = try await store.claim([7, 7], service: "im", owner: "a", ttl: long)
                        #expect(taken == [7: epoch])
                    }
                }
            }
        }

        @Test(arguments: StoreKind.installed)
        func `what is given back is free at once and keeps its epoch`(_ kind: StoreKind) async throws {
            try await StorePlace.with(kind) { place in
                try await place.withStore { store in
                    _ = try await store.claim([1, 2], service: "im", owner: "a", ttl: long)
                    try await store.release([1, 9], service: "im", owner: "a")
                    // Another's shard stays with its owner.
                    try await store.release([2], service: "im", owner: "b")
                    let roster = try await store.renew(service: "im", owner: "a", ttl: long)
                    #expect(
                        roster.leases == [
                            1: Lease(owner: "", epoch: 1, isLive: false),
                            2: Lease(owner: "a", epoch: 1, isLive: true),
                        ]
                    )
                    #expect(try await store.claim([1, 2], service: "im", owner: "b", ttl: long) == [1: 2])
                }
            }
        }

        @Test(arguments: StoreKind.installed)
        func `who leaves gives everything back and is no member`(_ kind: StoreKind) async throws {
            try await StorePlace.with(kind) { place in
                try await place.withStore { store in
                    _ = try await store.renew(service: "im", owner: "a", ttl: long)
                    _ = try await store.claim([0, 255], service: "im", owner: "a", ttl: long)
                    try await store.leave(service: "im", owner: "a")
                    let roster = try await store.renew(service: "im", owner: "b", ttl: long)
                    #expect(roster.members == ["b"])
                    #expect(roster.leases.values.allSatisfy { !$0.isLive && $0.owner.isEmpty })
                    let taken = try await store.claim([0, 255], service: "im", owner: "b", ttl: long)
                    #expect(taken == [0: 2, 255: 2])
                }
            }
        }

        @Test(arguments: StoreKind.installed)
        func `the roster tells members in order and all leases`(_ kind: StoreKind) async throws {
            try await StorePlace.with(kind) { place in
                try await place.withStore { store in
                    let all = [UInt8](0...255)
                    let taken = try await store.claim(all, service: "im", owner: "b", ttl: long)
                    #expect(taken.count == 256)
                    for owner in ["c", "a", "b"] {
                        _ = try await store.renew(service: "im", owner: owner, ttl: long)
                    }
                    let roster = try await store.renew(service: "im", owner: "c", ttl: long)
                    #expect(roster.members == ["a", "b", "c"])
                    #expect(roster.leases.count == 256)
                    #expect(Set(roster.leases.values) == [Lease(owner: "b", epoch: 1, isLive: true)])
                }
            }
        }

        @Test(arguments: StoreKind.installed)
        func `services do not see each other`(_ kind: StoreKind) async throws {
            try await StorePlace.with(kind) { place in
                try await place.withStore { store in
                    _ = try await store.renew(service: "im", owner: "a", ttl: long)
                    _ = try await store.claim([1], service: "im", owner: "a", ttl: long)
                    let taken = try await store.claim([1], service: "presence", owner: "b", ttl: long)
                    #expect(taken == [1: 1])
                    try await store.leave(service: "presence", owner: "a")
                    let roster = try await store.renew(service: "im", owner: "a", ttl: long)
                    #expect(roster.leases == [1: Lease(owner: "a", epoch: 1, isLive: true)])
                }
            }
        }

        @Test(arguments: StoreKind.installed)
        func `an owner without a name is refused`(_ kind: StoreKind) async throws {
            try await StorePlace.with(kind) { place in
                try await place.withStore { store in
                    let error = await #expect(throws: StoreError.self) {
                        try await store.claim([1], service: "im", owner: "", ttl: long)
                    }
                    #expect(error?.reason == .refused)
                }
            }
        }

        @Test(arguments: StoreKind.installed)
        func `a secret is whoever's came first`(_ kind: StoreKind) async throws {
            try await StorePlace.with(kind) { place in
                let stores = try await [place.open(), place.open(), place.open()]
                let secrets = try await withThrowingTaskGroup(of: [UInt8].self) { group in
                    for (number, store) in stores.enumerated() {
                        group.addTask {
                            try await store.secret(named: "dialback", orStore: [UInt8(number), 0, 255])
                        }
                    }
                    return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
                }
                #expect(secrets.count == 1)
                #expect(try await stores[0].secret(named: "other", orStore: []) == [])
                for store in stores { await store.close() }
            }
        }
    }
}
