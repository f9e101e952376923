package import Metrics

/// The store in one SQLite file, which all processes of a host share: no server, nothing to set up.
///
/// The file is in WAL mode and each commit waits for the disk, so what is stored outlives a power failure. It must lie on
/// a local file system, which WAL needs. Leases run by the host's monotonic clock; after a restart of the host all have
/// run out. A process that is stopped while it commits holds the file's lock until it goes on.
package final class SQLiteStore: ThreadedStore {
    package let thread: StoreThread

    /// Opens the file, made when there is none, and brings its schema up to date.
    ///
    /// - Parameters:
    ///   - path: the file; `-wal` and `-shm` will lie beside it.
    ///   - patience: how long a call waits for other processes' transactions.
    ///   - now: the clock of the leases.
    ///   - metrics: where commits, writes, fenced writes and errors are counted.
    /// - Throws: why the file cannot be used, and what to do.
    package init(
        path: String,
        patience: Duration = .seconds(5),
        now: @escaping @Sendable () -> HostTime = { .now },
        metrics: any MetricsFactory = MetricsSystem.factory
    ) async throws(StoreError) {
        thread = try await StoreThread(
            named: "store-sqlite",
            patience: patience,
            metrics: StoreMetrics(store: "sqlite", factory: metrics)
        ) { inbox throws(StoreError) in
            try SQLiteSession(path: path, now: now, patience: patience, inbox: inbox)
        }
    }
}
