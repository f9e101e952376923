import Foundation
import Logging
import Metrics
import Store
import Testing

/// Where the stores of one test are: in a file of its own, or in a schema of its own on the suite's server.
struct StorePlace: Sendable {
    enum Address: Sendable {
        case file(String)
        case database(uri: String)
    }

    let address: Address
    let clock = ManualClock()

    /// Long enough for no test to see its end.
    static let long = Duration.seconds(3600)

    /// Gives `body` a fresh place and clears it away.
    static func with(_ kind: StoreKind, _ body: (StorePlace) async throws -> Void) async throws {
        switch kind {
        case .sqlite:
            try await withFolder { folder in
                try await body(StorePlace(address: .file(folder + "/causeway.db")))
            }
        case .postgreSQL:
            let server = try #require(PostgreSQLServer.current)
            try await body(StorePlace(address: .database(uri: server.makePlace())))
        }
    }

    /// Gives `body` a folder of its own and removes it.
    static func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/store-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    /// Opens one of the stores, as one replica would.
    func open(metrics: any MetricsFactory = NOOPMetricsHandler.instance) async throws(StoreError) -> any Store
    {
        switch address {
        case .file(let path):
            return try await SQLiteStore(
                path: path,
                patience: .seconds(60),
                now: { [clock] in clock.now },
                metrics: metrics
            )
        case .database(let uri):
            return try await PostgreSQLStore(
                uri: uri,
                patience: .seconds(60),
                startPatience: .seconds(60),
                logger: Logger(label: "store-tests") { _ in SwiftLogNoOpLogHandler() },
                metrics: metrics
            )
        }
    }

    /// Opens a store for `body` and closes it.
    func withStore(_ body: (any Store) async throws -> Void) async throws {
        let store = try await open()
        do { try await body(store) } catch {
            await store.close()
            throw error
        }
        await store.close()
    }

    /// Lets leases of that time run out: at once where the clock can be moved, else by asking until it has happened.
    func letPass(_ ttl: Duration, until hasHappened: () async throws -> Bool) async throws {
        switch address {
        case .file:
            clock.advance(by: ttl)
            #expect(try await hasHappened())
        case .database:
            try await eventually(hasHappened)
        }
    }
}

/// Asks until the answer is yes, for a minute at most.
func eventually(_ condition: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while try await !condition() {
        guard ContinuousClock.now < deadline else {
            Issue.record("it did not happen within a minute")
            return
        }
        await Task.yield()
    }
}
