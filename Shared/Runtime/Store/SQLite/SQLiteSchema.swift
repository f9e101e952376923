import GRDB

/// The tables, and how each release brought them there.
enum SQLiteSchema {
    /// The first makes version 1 of nothing, and so on.
    ///
    /// They are never changed, only added to. Keys are octets, so that no two different ones are ever taken for the same.
    private static let migrations: [String] = [
        """
        CREATE TABLE members (
            service TEXT NOT NULL, owner TEXT NOT NULL, boot TEXT NOT NULL, until INTEGER NOT NULL,
            PRIMARY KEY (service, owner)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE leases (
            service TEXT NOT NULL, shard INTEGER NOT NULL, owner TEXT NOT NULL, epoch INTEGER NOT NULL,
            boot TEXT NOT NULL, until INTEGER NOT NULL,
            PRIMARY KEY (service, shard)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE conversations (
            service TEXT NOT NULL, shard INTEGER NOT NULL, key BLOB NOT NULL, epoch INTEGER NOT NULL,
            state BLOB NOT NULL, updated INTEGER NOT NULL,
            PRIMARY KEY (service, shard, key)
        ) STRICT;
        CREATE TABLE secrets (name TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
        """
    ]

    /// Applies what is missing; the transaction that this runs in holds the file's lock.
    static func migrate(_ database: Database, at path: String) throws {
        try database.execute(sql: "CREATE TABLE IF NOT EXISTS schema (version INTEGER NOT NULL) STRICT")
        var version = 0
        if let stored = try Int.fetchOne(database, sql: "SELECT version FROM schema") {
            version = stored
        } else {
            try database.execute(sql: "INSERT INTO schema (version) VALUES (0)")
        }
        let known = migrations.count
        guard version <= known else { throw StoreError.tooNew(path, version: version, known: known) }
        for migration in migrations[max(0, version)...] { try database.execute(sql: migration) }
        // Even when it is the same: SQLite takes a file that it may only read, and complains of the first write.
        try database.execute(sql: "UPDATE schema SET version = ?", arguments: [known])
    }
}
