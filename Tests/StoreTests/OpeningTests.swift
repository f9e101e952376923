import GRDB
import Store
import Testing

extension StoreTests {
    /// The schema, and who brings it up to date.
    @Suite struct Opening {
        @Test(arguments: StoreKind.installed)
        func `many may open a new store at once`(_ kind: StoreKind) async throws {
            try await StorePlace.with(kind) { place in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<8 {
                        group.addTask {
                            try await place.withStore { store in
                                let owner = "owner \(number)"
                                let roster = try await store.renew(
                                    service: "im",
                                    owner: owner,
                                    ttl: StorePlace.long
                                )
                                #expect(roster.members.contains(owner))
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                try await place.withStore { store in
                    let roster = try await store.renew(service: "im", owner: "last", ttl: StorePlace.long)
                    #expect(roster.members.count == 9)
                }
            }
        }

        @Test(arguments: StoreKind.installed)
        func `a later release's schema is refused with what to do`(_ kind: StoreKind) async throws {
            try await StorePlace.with(kind) { place in
                try await place.withStore { _ in }
                switch place.address {
                case .file(let path):
                    try await DatabaseQueue(path: path).write { database in
                        try database.execute(sql: "UPDATE schema SET version = 99")
                    }
                case .database(let uri):
                    try await PostgreSQLServer.current?.query("UPDATE schema SET version = 99", at: uri)
                }
                let error = await #expect(throws: StoreError.self) { try await place.open() }
                #expect(error?.reason == .tooNew)
                #expect(error?.text.contains("schema 99") == true)
                #expect(error?.text.contains("run a later release") == true)
            }
        }
    }
}
