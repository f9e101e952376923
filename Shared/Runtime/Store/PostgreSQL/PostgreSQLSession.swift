/// The database as the store's thread uses it: one statement is one transaction.
final class PostgreSQLSession: StoreSession {
    private let link: PostgreSQLLink

    init(link: PostgreSQLLink, by deadline: Deadline) throws(StoreError) {
        self.link = link
        try PostgreSQLSchema.migrate(link, by: deadline)
    }

    func renew(
        service: String,
        owner: String,
        ttl: Duration,
        by deadline: Deadline
    ) throws(StoreError) -> Roster {
        let renewal: [PostgreSQLParameter] = [.text(service), .text(owner), .integer(ttl.wholeMicroseconds)]
        let rows = try link.perform(by: deadline) { connection, limit throws(PostgreSQLFailure) in
            _ = try connection.execute(PostgreSQLStatements.renew, renewal, by: limit)
            _ = try connection.execute(PostgreSQLStatements.forget, [.text(service)], by: limit)
            return try connection.execute(PostgreSQLStatements.roster, [.text(service)], by: limit)
        }
        // Who has just been renewed is there, however short its time.
        var members: Set = [owner]
        var leases: [UInt8: Lease] = [:]
        for row in 0..<rows.count {
            let name = rows.text(row, 0)
            if let shard = UInt8(exactly: rows.integer(row, 1)) {
                let isLive = rows.integer(row, 3) != 0
                leases[shard] = Lease(owner: name, epoch: rows.integer(row, 2), isLive: isLive)
            } else {
                members.insert(name)
            }
        }
        return Roster(members: members.sorted(), leases: leases)
    }

    func claim(
        _ shards: [UInt8],
        service: String,
        owner: String,
        ttl: Duration,
        by deadline: Deadline
    ) throws(StoreError) -> [UInt8: Int64] {
        let rows = try perform(
            PostgreSQLStatements.claim,
            [.text(service), .text(owner), .smallIntegers(shards), .integer(ttl.wholeMicroseconds)],
            by: deadline
        )
        var taken: [UInt8: Int64] = [:]
        for row in 0..<rows.count {
            taken[UInt8(truncatingIfNeeded: rows.integer(row, 0))] = rows.integer(row, 1)
        }
        return taken
    }

    func release(_ shards: [UInt8], service: String, owner: String, by deadline: Deadline) throws(StoreError)
    {
        let values: [PostgreSQLParameter] = [.text(service), .text(owner), .smallIntegers(shards)]
        _ = try perform(PostgreSQLStatements.release, values, by: deadline)
    }

    func leave(service: String, owner: String, by deadline: Deadline) throws(StoreError) {
        _ = try perform(PostgreSQLStatements.leave, [.text(service), .text(owner)], by: deadline)
    }

    func load(
        service: String,
        shards: [UInt8],
        by deadline: Deadline
    ) throws(StoreError) -> [UInt8: [ConversationRow]] {
        let rows = try perform(
            PostgreSQLStatements.load,
            [.text(service), .smallIntegers(shards)],
            by: deadline
        )
        var loaded: [UInt8: [ConversationRow]] = [:]
        for shard in shards { loaded[shard] = [] }
        for row in 0..<rows.count {
            let shard = UInt8(truncatingIfNeeded: rows.integer(row, 0))
            loaded[shard]?.append(ConversationRow(key: rows.text(row, 1), state: rows.octets(row, 2)))
        }
        return loaded
    }

    func write(_ writes: [ConversationWrite], by deadline: Deadline) throws(StoreError) -> [WriteResult] {
        let values: [PostgreSQLParameter] = [
            .texts(writes.map(\.service)), .smallIntegers(writes.map(\.shard)), .texts(writes.map(\.owner)),
            .integers(writes.map(\.epoch)), .octetStrings(writes.map { Array($0.key.utf8) }),
            .octetStrings(writes.map(\.state)),
        ]
        let rows = try perform(PostgreSQLStatements.write, values, by: deadline)
        var results = [WriteResult](repeating: .fenced, count: writes.count)
        for row in 0..<rows.count { results[Int(rows.integer(row, 0)) - 1] = .stored }
        return results
    }

    func secret(
        named name: String,
        orStore fresh: [UInt8],
        by deadline: Deadline
    ) throws(StoreError) -> [UInt8] {
        let rows = try link.perform(by: deadline) { connection, limit throws(PostgreSQLFailure) in
            _ = try connection.execute(
                PostgreSQLStatements.offerSecret,
                [.text(name), .octets(fresh)],
                by: limit
            )
            return try connection.execute(PostgreSQLStatements.secret, [.text(name)], by: limit)
        }
        return rows.count == 0 ? fresh : rows.octets(0, 0)
    }

    func close() {
        link.close()
    }

    private func perform(
        _ statement: PostgreSQLStatement,
        _ values: [PostgreSQLParameter],
        by deadline: Deadline
    ) throws(StoreError) -> PostgreSQLRows {
        try link.perform(by: deadline) { connection, limit throws(PostgreSQLFailure) in
            try connection.execute(statement, values, by: limit)
        }
    }
}
