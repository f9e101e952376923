/// What is said to SQLite; prepared once a connection.
enum SQLiteStatements {
    static let join = """
        INSERT INTO members (service, owner, boot, until) VALUES (?, ?, ?, ?)
        ON CONFLICT (service, owner) DO UPDATE SET boot = excluded.boot, until = excluded.until
        """
    static let renew = "UPDATE leases SET boot = ?, until = ? WHERE service = ? AND owner = ?"
    /// Members that have been gone for long, or since before the host's start.
    static let forget = "DELETE FROM members WHERE service = ? AND (boot <> ? OR until <= ?)"
    static let members = "SELECT owner FROM members WHERE service = ? AND boot = ? AND until > ?"
    static let leases = "SELECT shard, owner, epoch, boot, until FROM leases WHERE service = ?"
    static let lease = "SELECT owner, epoch FROM leases WHERE service = ? AND shard = ?"
    static let claim = """
        INSERT INTO leases (service, shard, owner, epoch, boot, until) VALUES (?1, ?2, ?3, 1, ?4, ?5)
        ON CONFLICT (service, shard) DO UPDATE
        SET owner = excluded.owner, epoch = epoch + 1, boot = excluded.boot, until = excluded.until
        WHERE owner = excluded.owner OR owner = '' OR boot <> excluded.boot OR until <= ?6
        RETURNING epoch
        """
    static let release =
        "UPDATE leases SET owner = '', until = 0 WHERE service = ? AND shard = ? AND owner = ?"
    static let releaseAll = "UPDATE leases SET owner = '', until = 0 WHERE service = ? AND owner = ?"
    static let leave = "DELETE FROM members WHERE service = ? AND owner = ?"
    static let load = "SELECT key, state FROM conversations WHERE service = ? AND shard = ?"
    static let store = """
        INSERT INTO conversations (service, shard, key, epoch, state, updated) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (service, shard, key) DO UPDATE
        SET epoch = excluded.epoch, state = excluded.state, updated = excluded.updated
        """
    static let end = "DELETE FROM conversations WHERE service = ? AND shard = ? AND key = ?"
    static let offerSecret = "INSERT INTO secrets (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING"
    static let secret = "SELECT value FROM secrets WHERE name = ?"
}
