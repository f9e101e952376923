import Logging
import Store
import Testing

extension StoreTests {
    /// A server that dies and comes back.
    @Suite(.enabled("PostgreSQL is not installed") { PostgreSQLServer.isInstalled })
    struct Outages {
        private func write(_ key: String, _ state: UInt8) -> ConversationWrite {
            ConversationWrite(service: "im", shard: 1, owner: "a", epoch: 1, key: key, state: [state])
        }

        /// Gives `body` a server of its own.
        private func withServer(_ body: (PostgreSQLServer) async throws -> Void) async throws {
            let server = try await PostgreSQLServer.start()
            do { try await body(server) } catch {
                await server.remove()
                throw error
            }
            await server.remove()
        }

        @Test func `a connection that is cut is made anew, and the caller does not notice`() async throws {
            try await StorePlace.with(.postgreSQL) { place in
                guard case .database(let uri) = place.address else { return }
                try await place.withStore { store in
                    _ = try await store.claim([1], service: "im", owner: "a", ttl: StorePlace.long)
                    for number in UInt8(0)..<5 {
                        try await PostgreSQLServer.current?.cutConnections(to: uri)
                        #expect(try await store.write([write("k", number)]) == [.stored])
                    }
                    #expect(try await store.load(service: "im", shards: [1])[1]?.map(\.state) == [[4]])
                }
            }
        }

        @Test func `a server that stays away makes calls fail, and one that returns has all that was stored`()
            async throws
        {
            try await withServer { server in
                let collector = LogCollector()
                let store = try await PostgreSQLStore(
                    uri: server.makePlace(),
                    patience: .milliseconds(200),
                    startPatience: .seconds(60),
                    logger: collector.logger()
                )
                _ = try await store.claim([1], service: "im", owner: "a", ttl: StorePlace.long)
                #expect(try await store.write([write("before", 1)]) == [.stored])
                try await server.crash()
                for _ in 0..<3 {
                    let error = await #expect(throws: StoreError.self) {
                        try await store.write([write("away", 2)])
                    }
                    #expect(error?.reason == .unavailable)
                    #expect(error?.text.contains(PostgreSQLServer.password) == false)
                }
                try await server.run()
                try await eventually { (try? await store.write([write("after", 3)])) == [.stored] }
                let rows = try await store.load(service: "im", shards: [1])[1] ?? []
                #expect(Set(rows.map(\.key)) == ["before", "after"])
                let roster = try await store.renew(service: "im", owner: "a", ttl: StorePlace.long)
                #expect(roster.leases[1] == Lease(owner: "a", epoch: 1, isLive: true))
                await store.close()
                #expect(collector.lines.contains { $0.contains("out of reach") })
                #expect(collector.lines.contains { $0.contains("the store is back") })
                #expect(!collector.lines.contains { $0.contains(PostgreSQLServer.password) })
            }
        }

        @Test func `nothing that was said to be stored is lost in a crash under load`() async throws {
            try await withServer { server in
                let store = try await PostgreSQLStore(
                    uri: server.makePlace(),
                    patience: .seconds(60),
                    startPatience: .seconds(60),
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
                )
                _ = try await store.claim([1], service: "im", owner: "a", ttl: StorePlace.long)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for caller in 0..<8 {
                        group.addTask {
                            for number in UInt8(0)..<100 {
                                let results = try await store.write([write("k\(caller)", number)])
                                #expect(results == [.stored])
                                // Somewhere in the middle of the others' writes.
                                if caller == 0, number == 30 || number == 60 {
                                    try await server.crash()
                                    try await server.run()
                                }
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                let rows = try await store.load(service: "im", shards: [1])[1] ?? []
                #expect(rows.count == 8)
                #expect(rows.allSatisfy { $0.state == [99] })
                await store.close()
            }
        }
    }
}
