/// The server's process behind a connection.
///
/// A connection may break for us while the server still has a statement of it to do, or one on the way to it. Done after
/// what the next connection says, an old state would follow a newer one under the same epoch. So the next connection's first
/// word is that the former's process must end.
struct PostgreSQLBackend {
    private let pid: Int64
    /// Tells it from a later process of the same number.
    private let start: String

    private static let find = PostgreSQLStatement(
        "backend",
        "SELECT pid::bigint, backend_start::text FROM pg_stat_activity WHERE pid = pg_backend_pid()"
    )

    /// How many are still there after four seconds of waiting for their end; one at most.
    private static let end = PostgreSQLStatement(
        "backend-end",
        """
        SELECT count(*) FILTER (WHERE NOT pg_terminate_backend(pid, 4000)) FROM pg_stat_activity
        WHERE pid = $1 AND backend_start = $2::text::timestamptz
        """
    )

    init(of connection: PostgreSQLConnection, by deadline: ContinuousClock.Instant) throws(PostgreSQLFailure)
    {
        let rows = try connection.execute(Self.find, [], by: deadline)
        guard rows.count > 0 else { throw .lost("the server does not know the connection") }
        pid = rows.integer(0, 0)
        start = rows.text(0, 1)
    }

    /// Ends the process, or makes sure that it has ended, as that of a broken connection.
    func end(
        over connection: PostgreSQLConnection,
        by deadline: ContinuousClock.Instant
    ) throws(PostgreSQLFailure) {
        let rows = try connection.execute(Self.end, [.integer(pid), .text(start)], by: deadline)
        guard rows.integer(0, 0) == 0 else { throw .lost("the server still works for the former connection") }
    }
}
