import Foundation
import GRDB

/// The file, open: WAL, and every commit on the disk before it is said to be stored.
final class SQLiteFile {
    private let path: String
    private let queue: DatabaseQueue
    private let patience: BusyPatience

    /// Opens the file or makes it; tries again until the deadline while another process is doing the same.
    init(path: String, by deadline: ContinuousClock.Instant, inbox: StoreInbox) throws(StoreError) {
        self.path = path
        let patience = BusyPatience(until: deadline)
        self.patience = patience
        while true {
            do {
                queue = try Self.open(path, patience)
                return
            } catch {
                // SQLite does not wait on its own when two turn a file to WAL, or one closes it for good.
                guard (error as? DatabaseError)?.resultCode == .SQLITE_BUSY, ContinuousClock.now < deadline,
                    inbox.pause(until: .now + .milliseconds(5))
                else { throw StoreError(error, path: path) }
            }
        }
    }

    private static func open(_ path: String, _ patience: BusyPatience) throws -> DatabaseQueue {
        let isNew = try SQLitePlace(path).check()
        var configuration = Configuration()
        configuration.label = "causeway.store"
        configuration.busyMode = .callback { _ in patience.wait() }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        // Secrets lie in it. SQLite gives the files beside it the same mode, but for those that were there already.
        if isNew { unsafe chmod(path, 0o600) }
        try queue.inDatabase { database in
            let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
            guard mode == "wal" else {
                throw StoreError(
                    .refused,
                    "the file system of \(path) does not allow SQLite's WAL mode: put the store on a local disk"
                )
            }
            try database.execute(
                sql: """
                    PRAGMA synchronous = FULL;
                    PRAGMA cache_size = -16000;
                    PRAGMA journal_size_limit = 67108864;
                    """
            )
        }
        if isNew {
            unsafe chmod(path + "-wal", 0o600)
            unsafe chmod(path + "-shm", 0o600)
        }
        return queue
    }

    /// Runs `body` in a transaction that has the file's lock from its beginning.
    func transact<Answer>(
        by deadline: ContinuousClock.Instant,
        _ body: (Database) throws -> Answer
    ) throws(StoreError) -> Answer {
        patience.set(deadline)
        do { return try queue.write(body) } catch { throw StoreError(error, path: path) }
    }

    /// Runs `body`, which only reads.
    func read<Answer>(
        by deadline: ContinuousClock.Instant,
        _ body: (Database) throws -> Answer
    ) throws(StoreError) -> Answer {
        patience.set(deadline)
        do { return try queue.read(body) } catch { throw StoreError(error, path: path) }
    }

    func close() {
        // What could still fail is the last checkpoint, which whoever opens the file next makes up for.
        try? queue.close()
    }
}
