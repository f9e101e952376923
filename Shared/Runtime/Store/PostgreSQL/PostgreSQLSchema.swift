/// The tables, and how each release brought them there.
enum PostgreSQLSchema {
    /// The first makes version 1 of nothing, and so on.
    ///
    /// They are never changed, only added to. Keys are octets, so that no two different ones are ever taken for the same, and are found by their digest: an index
    /// refuses values of more than a third of a page, and a peer may choose a key.
    private static let migrations: [String] = [
        """
        CREATE TABLE members (
            service text COLLATE "C" NOT NULL, owner text COLLATE "C" NOT NULL, until timestamptz NOT NULL,
            PRIMARY KEY (service, owner)
        );
        CREATE TABLE leases (
            service text COLLATE "C" NOT NULL, shard smallint NOT NULL, owner text COLLATE "C" NOT NULL,
            epoch bigint NOT NULL, until timestamptz NOT NULL,
            PRIMARY KEY (service, shard)
        ) WITH (fillfactor = 50);
        CREATE TABLE conversations (
            service text COLLATE "C" NOT NULL, shard smallint NOT NULL, key bytea NOT NULL,
            digest bytea NOT NULL GENERATED ALWAYS AS (sha256(key)) STORED,
            epoch bigint NOT NULL, state bytea NOT NULL, updated timestamptz NOT NULL,
            PRIMARY KEY (service, shard, digest)
        ) WITH (fillfactor = 80);
        CREATE TABLE secrets (name text COLLATE "C" NOT NULL PRIMARY KEY, value bytea NOT NULL);
        """
    ]

    /// Any number that other programs are not likely to lock.
    private static let lock = 4_841_077_341
    /// A migration may rewrite a large table, and others wait for it.
    private static let patience = Duration.seconds(300)

    private static let exists = PostgreSQLStatement(
        "schema-exists",
        "SELECT to_regclass('schema') IS NOT NULL"
    )
    private static let version = PostgreSQLStatement("schema-version", "SELECT version::bigint FROM schema")

    /// Applies what is missing, under a lock that one replica has at a time.
    static func migrate(_ link: PostgreSQLLink, by deadline: ContinuousClock.Instant) throws(StoreError) {
        let found = try link.perform(by: deadline, within: patience) {
            connection,
            limit throws(PostgreSQLFailure) in
            try migrate(connection, by: limit)
        }
        let known = migrations.count
        guard found <= known else { throw .tooNew("PostgreSQL", version: found, known: known) }
    }

    /// The version that was there before.
    private static func migrate(
        _ connection: PostgreSQLConnection,
        by limit: ContinuousClock.Instant
    ) throws(PostgreSQLFailure) -> Int {
        try connection.run(
            "BEGIN; SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock(\(lock))",
            by: limit
        )
        do throws(PostgreSQLFailure) {
            var found = 0
            if try connection.execute(exists, [], by: limit).integer(0, 0) != 0 {
                let rows = try connection.execute(version, [], by: limit)
                found = rows.count == 0 ? 0 : Int(clamping: rows.integer(0, 0))
            } else {
                try connection.run("CREATE TABLE schema (version integer NOT NULL)", by: limit)
            }
            if found <= migrations.count {
                for migration in migrations[max(0, found)...] { try connection.run(migration, by: limit) }
                // Even when it is the same: a server that only reads is found out here.
                try connection.run(
                    "DELETE FROM schema; INSERT INTO schema (version) VALUES (\(migrations.count))",
                    by: limit
                )
            }
            try connection.run("COMMIT", by: limit)
            return found
        } catch {
            try connection.run("ROLLBACK", by: limit)
            throw error
        }
    }
}
