/// What is said to PostgreSQL.
///
/// Each statement locks its rows of `leases` in the order of service and shard, so that no two wait for each other, and
/// none relies on an older look at a row than the lock gives.
enum PostgreSQLStatements {
    /// Said first on every connection.
    ///
    /// All else looks rows up by their keys; a plan made while the tables were small must not read them whole later. A
    /// statement that a stopped process left behind must not hold locks.
    static let session = """
        SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED;
        SET enable_seqscan = off;
        SET jit = off;
        SET plan_cache_mode = force_generic_plan;
        SET statement_timeout = '5s';
        SET idle_in_transaction_session_timeout = '5s';
        """

    static let renew = PostgreSQLStatement(
        "renew",
        """
        WITH mine AS (
            SELECT shard FROM leases WHERE service = $1 AND owner = $2 ORDER BY shard FOR UPDATE
        ), kept AS (
            UPDATE leases l SET until = clock_timestamp() + $3 * interval '1 microsecond' FROM mine
            WHERE l.service = $1 AND l.shard = mine.shard AND l.owner = $2
        )
        INSERT INTO members (service, owner, until)
        VALUES ($1, $2, clock_timestamp() + $3 * interval '1 microsecond')
        ON CONFLICT (service, owner) DO UPDATE SET until = excluded.until
        """
    )

    /// Members that have been gone for long; one who is renewed at the same time is let be.
    static let forget = PostgreSQLStatement(
        "forget",
        """
        DELETE FROM members WHERE service = $1 AND owner IN (
            SELECT owner FROM members WHERE service = $1 AND until < clock_timestamp() - interval '1 minute'
            FOR UPDATE SKIP LOCKED
        )
        """
    )

    /// Members, as shard -1, and leases.
    static let roster = PostgreSQLStatement(
        "roster",
        """
        SELECT owner, (-1)::smallint, 0::bigint, true FROM members WHERE service = $1 AND until > clock_timestamp()
        UNION ALL
        SELECT owner, shard, epoch, owner <> '' AND until > clock_timestamp() FROM leases WHERE service = $1
        """
    )

    static let claim = PostgreSQLStatement(
        "claim",
        """
        INSERT INTO leases AS l (service, shard, owner, epoch, until)
        SELECT $1, shard, $2, 1, clock_timestamp() + $4 * interval '1 microsecond'
        FROM unnest($3) AS shard ORDER BY shard
        ON CONFLICT (service, shard) DO UPDATE
        SET owner = excluded.owner, epoch = l.epoch + 1,
            until = clock_timestamp() + $4 * interval '1 microsecond'
        WHERE l.owner = excluded.owner OR l.owner = '' OR l.until <= clock_timestamp()
        RETURNING l.shard, l.epoch
        """
    )

    static let release = PostgreSQLStatement(
        "release",
        """
        WITH mine AS (
            SELECT shard FROM leases WHERE service = $1 AND owner = $2 AND shard = ANY ($3)
            ORDER BY shard FOR UPDATE
        )
        UPDATE leases l SET owner = '', until = '-infinity' FROM mine
        WHERE l.service = $1 AND l.shard = mine.shard AND l.owner = $2
        """
    )

    static let leave = PostgreSQLStatement(
        "leave",
        """
        WITH mine AS (
            SELECT shard FROM leases WHERE service = $1 AND owner = $2 ORDER BY shard FOR UPDATE
        ), freed AS (
            UPDATE leases l SET owner = '', until = '-infinity' FROM mine
            WHERE l.service = $1 AND l.shard = mine.shard AND l.owner = $2
        )
        DELETE FROM members WHERE service = $1 AND owner = $2
        """
    )

    static let load = PostgreSQLStatement(
        "load",
        "SELECT shard, key, state FROM conversations WHERE service = $1 AND shard = ANY ($2)"
    )

    /// The places, from 1, of the writes that were allowed.
    ///
    /// The lease's row is shared until the commit: whoever claims the shard meanwhile waits, and then sees what was written.
    static let write = PostgreSQLStatement(
        "write",
        """
        WITH given AS (
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6) WITH ORDINALITY
                AS g (service, shard, owner, epoch, key, state, place)
        ), held AS (
            SELECT service, shard, owner, epoch FROM leases
            WHERE (service, shard) IN (SELECT service, shard FROM given)
            ORDER BY service, shard FOR SHARE
        ), allowed AS (
            SELECT g.* FROM given g JOIN held h
            ON h.service = g.service AND h.shard = g.shard AND h.owner = g.owner AND h.epoch = g.epoch
            WHERE g.owner <> ''
        ), last AS (
            SELECT DISTINCT ON (service, shard, key) * FROM allowed ORDER BY service, shard, key, place DESC
        ), ended AS (
            DELETE FROM conversations c USING last w
            WHERE w.state IS NULL AND c.service = w.service AND c.shard = w.shard AND c.digest = sha256(w.key)
        ), stored AS (
            INSERT INTO conversations (service, shard, key, epoch, state, updated)
            SELECT service, shard, key, epoch, state, clock_timestamp() FROM last WHERE state IS NOT NULL
            ON CONFLICT (service, shard, digest) DO UPDATE
            SET epoch = excluded.epoch, state = excluded.state, updated = excluded.updated
        )
        SELECT place FROM allowed
        """
    )

    static let offerSecret = PostgreSQLStatement(
        "offer-secret",
        "INSERT INTO secrets (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING"
    )
    static let secret = PostgreSQLStatement("secret", "SELECT value FROM secrets WHERE name = $1")
}
