import Testing

/// Runs a suite with a PostgreSQL server of its own, where one is installed.
struct PostgreSQLServing: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        guard PostgreSQLServer.isInstalled else { return try await function() }
        let server = try await PostgreSQLServer.start()
        do {
            try await PostgreSQLServer.$current.withValue(server) { try await function() }
        } catch {
            await server.remove()
            throw error
        }
        await server.remove()
    }
}

extension Trait where Self == PostgreSQLServing {
    static var postgreSQLServer: Self { Self() }
}
