import Store
import Testing

extension StoreTests {
    /// Servers that cannot be used, and what is said about them: never the password.
    @Suite(.enabled("PostgreSQL is not installed") { PostgreSQLServer.isInstalled })
    struct Addresses {
        private func refusal(of uri: String, startPatience: Duration = .seconds(30)) async -> StoreError? {
            let collector = LogCollector()
            let error = await #expect(throws: StoreError.self) {
                try await PostgreSQLStore(uri: uri, startPatience: startPatience, logger: collector.logger())
            }
            for line in collector.lines + [error?.text ?? ""] {
                #expect(!line.contains("s3cret"), "\(line)")
                #expect(!line.contains("\n"))
            }
            return error
        }

        @Test(arguments: [
            "postgresql//causeway:s3cret@host/db", "s3cret",
            "postgresql://causeway:s3cret@host:x/db?nonsense=s3cret",
            "postgresql://causeway:s3cret@[::1/db", "host=x password=s3cret", "postgresql://%zzs3cret@x/y",
        ])
        func `an address that cannot be read is not quoted`(_ uri: String) async {
            let error = await refusal(of: uri)
            #expect(error?.reason == .refused)
            #expect(error?.text.contains("postgresql://user:password@host:port/database") == true)
        }

        @Test func `a wrong password is refused at once`() async throws {
            let server = try #require(PostgreSQLServer.current)
            let error = await refusal(of: server.uri(of: "postgres", password: "s3cret-and-wrong"))
            #expect(error?.reason == .refused)
            #expect(error?.text.contains("does not let this user in") == true)
        }

        @Test func `a database that is not there is refused at once`() async throws {
            let server = try #require(PostgreSQLServer.current)
            let error = await refusal(of: server.uri(of: "nonesuch"))
            #expect(error?.reason == .refused)
            #expect(error?.text.contains("no such database") == true)
        }

        @Test func `a password is not told even where it is also a name`() async throws {
            let server = try #require(PostgreSQLServer.current)
            let error = await refusal(of: server.uri(of: PostgreSQLServer.password))
            #expect(error?.text.contains("no such database") == true)
        }

        @Test func `a server that is not there is waited for, and then unavailable`() async {
            let error = await refusal(
                of: "postgresql://causeway:s3cret@/db?host=/nowhere/at/all",
                startPatience: .milliseconds(150)
            )
            #expect(error?.reason == .unavailable)
            #expect(error?.text.contains("/nowhere/at/all") == true)
        }

        @Test func `the first of several hosts need not be there`() async throws {
            let server = try #require(PostgreSQLServer.current)
            let uri = try await server.makePlace()
                .replacing("host=", with: "host=/nowhere/at/all,")
            let store = try await PostgreSQLStore(uri: uri, startPatience: .seconds(30))
            #expect(try await store.load(service: "im", shards: [1]) == [1: []])
            await store.close()
        }

        @Test func `a database that only reads is told as such`() async throws {
            try await StorePlace.with(.postgreSQL) { place in
                guard case .database(let uri) = place.address else { return }
                try await place.withStore { _ in }
                let error = await refusal(
                    of: uri + "%20-cdefault_transaction_read_only%3Don",
                    startPatience: .milliseconds(100)
                )
                #expect(error?.reason == .readOnly)
                #expect(error?.text.contains("name the host that writes") == true)
            }
        }
    }
}
