package import Logging
package import Metrics

/// The store in a PostgreSQL database, which replicas on many hosts share.
///
/// One connection, used by one thread. Each call is a single statement or two, so that no transaction is ever left open
/// while the process is stopped. A connection that breaks is made anew with growing pauses, and what was under way is asked
/// again: every statement may be repeated. Leases run by the server's clock.
///
/// The server is PostgreSQL 14 or later, reached directly or through a pool that keeps sessions apart. After a failover
/// to a replica that had not received everything, epochs may repeat: replicate synchronously.
package final class PostgreSQLStore: ThreadedStore {
    package let thread: StoreThread

    /// Connects and brings the schema up to date.
    ///
    /// - Parameters:
    ///   - uri: `postgresql://user:password@host/database?…` with all that libpq understands, several hosts included. What
    ///     is secret in it reaches no log and no error.
    ///   - patience: how long a call waits for a connection before it fails as unavailable.
    ///   - startPatience: how long the first connection may take, since a server often starts at the same time.
    ///   - logger: told when the server is lost and found.
    ///   - metrics: where commits, writes, fenced writes and errors are counted.
    /// - Throws: why the database cannot be used, and what to do.
    package init(
        uri: String,
        patience: Duration = .seconds(3),
        startPatience: Duration = .seconds(15),
        logger: Logger = Logger(label: "causeway.store"),
        metrics: any MetricsFactory = MetricsSystem.factory
    ) async throws(StoreError) {
        let address = try PostgreSQLAddress(uri)
        thread = try await StoreThread(
            named: "store-postgres",
            patience: patience,
            metrics: StoreMetrics(store: "postgresql", factory: metrics)
        ) { inbox throws(StoreError) in
            let link = PostgreSQLLink(address: address, inbox: inbox, logger: logger)
            return try PostgreSQLSession(link: link, by: .now + startPatience)
        }
    }
}
