import Glibc
import Store
import Testing

extension StoreTests {
    /// The clock of the leases is set: PostgreSQL's server's by its administrator, a host's by a snapshot that is restored.
    @Suite struct ClockJumps {
        private let ttl = Duration.seconds(4)

        /// Sets the store's clock; a server's cannot be set, so what it has written down moves the other way.
        private func jump(_ seconds: Int, at place: StorePlace) async throws {
            switch place.address {
            case .file: place.clock.advance(by: .seconds(seconds))
            case .database(let uri):
                for table in ["leases", "members"] {
                    try await PostgreSQLServer.current?.query(
                        "UPDATE \(table) SET until = until - interval '\(seconds) seconds'",
                        at: uri
                    )
                }
            }
        }

        private func write(by owner: String, _ epoch: Int64) -> ConversationWrite {
            ConversationWrite(service: "im", shard: 5, owner: owner, epoch: epoch, key: "k", state: [1])
        }

        @Test(arguments: StoreKind.installed)
        func `forwards: who claims gets the next epoch, and the former owner's writes are refused`(
            _ kind: StoreKind
        ) async throws {
            try await StorePlace.with(kind) { place in
                try await place.withStore { store in
                    #expect(try await store.claim([5], service: "im", owner: "a", ttl: ttl) == [5: 1])
                    try await jump(3_600, at: place)
                    #expect(try await store.claim([5], service: "im", owner: "b", ttl: ttl) == [5: 2])
                    #expect(try await store.write([write(by: "a", 1)]) == [.fenced])
                    #expect(try await store.write([write(by: "b", 2)]) == [.stored])
                    // The former owner hears of it when it renews, and cannot take it back while it is held.
                    let roster = try await store.renew(service: "im", owner: "a", ttl: ttl)
                    #expect(roster.leases == [5: Lease(owner: "b", epoch: 2, isLive: true)])
                    #expect(try await store.claim([5], service: "im", owner: "a", ttl: ttl) == [:])
                }
            }
        }

        @Test(arguments: StoreKind.installed)
        func `forwards: who renews first keeps what it had`(_ kind: StoreKind) async throws {
            try await StorePlace.with(kind) { place in
                try await place.withStore { store in
                    _ = try await store.claim([5], service: "im", owner: "a", ttl: ttl)
                    try await jump(3_600, at: place)
                    let roster = try await store.renew(service: "im", owner: "a", ttl: ttl)
                    #expect(roster.leases == [5: Lease(owner: "a", epoch: 1, isLive: true)])
                    #expect(try await store.claim([5], service: "im", owner: "b", ttl: ttl) == [:])
                    #expect(try await store.write([write(by: "a", 1)]) == [.stored])
                }
            }
        }

        @Test(arguments: StoreKind.installed)
        func `backwards: a held lease stays its owner's, and once renewed is over in time again`(
            _ kind: StoreKind
        ) async throws {
            try await StorePlace.with(kind) { place in
                try await place.withStore { store in
                    _ = try await store.claim([5], service: "im", owner: "a", ttl: ttl)
                    try await jump(-3_600, at: place)
                    #expect(try await store.claim([5], service: "im", owner: "b", ttl: ttl) == [:])
                    #expect(try await store.write([write(by: "a", 1)]) == [.stored])
                    _ = try await store.renew(service: "im", owner: "a", ttl: ttl)
                    try await jump(5, at: place)
                    #expect(try await store.claim([5], service: "im", owner: "b", ttl: ttl) == [5: 2])
                    #expect(try await store.write([write(by: "a", 1)]) == [.fenced])
                }
            }
        }

        @Test(arguments: StoreKind.installed)
        func `backwards: what is given back is free at once`(_ kind: StoreKind) async throws {
            try await StorePlace.with(kind) { place in
                try await place.withStore { store in
                    _ = try await store.claim([5], service: "im", owner: "a", ttl: ttl)
                    try await jump(-3_600, at: place)
                    try await store.leave(service: "im", owner: "a")
                    #expect(try await store.claim([5], service: "im", owner: "b", ttl: ttl) == [5: 2])
                }
            }
        }

        @Test func `a host's leases run by the clock that nobody can set`() {
            func monotonic() -> Int64 {
                var time = timespec()
                unsafe clock_gettime(CLOCK_MONOTONIC, &time)
                return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
            }
            let before = monotonic()
            let told = HostTime.now.milliseconds
            #expect((before...monotonic()).contains(told))
        }
    }
}
