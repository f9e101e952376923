import Foundation
import GRDB

/// The SQLite file as the store's thread uses it: one connection, one transaction a call.
final class SQLiteSession: StoreSession {
    private let file: SQLiteFile
    private let now: @Sendable () -> HostTime

    init(
        path: String,
        now: @escaping @Sendable () -> HostTime,
        patience: Duration,
        inbox: StoreInbox
    ) throws(StoreError) {
        self.now = now
        file = try SQLiteFile(path: path, by: .now + patience, inbox: inbox)
        try file.transact(by: .now + patience) { database in
            try SQLiteSchema.migrate(database, at: path)
        }
    }

    func renew(
        service: String,
        owner: String,
        ttl: Duration,
        by deadline: Deadline
    ) throws(StoreError) -> Roster {
        try file.transact(by: deadline) { database in
            // Read inside the transaction: the wait for the file's lock is over.
            let now = now()
            let until = now.milliseconds + ttl.wholeMilliseconds
            try database.perform(SQLiteStatements.join, [service, owner, now.boot, until])
            try database.perform(SQLiteStatements.renew, [now.boot, until, service, owner])
            try database.perform(SQLiteStatements.forget, [service, now.boot, now.milliseconds - 60_000])
            return try roster(service, in: database, at: now)
        }
    }

    private func roster(_ service: String, in database: Database, at now: HostTime) throws -> Roster {
        var roster = Roster(members: [], leases: [:])
        try database.each(SQLiteStatements.members, [service, now.boot, now.milliseconds]) { row in
            roster.members.append(row[0])
        }
        roster.members.sort()
        try database.each(SQLiteStatements.leases, [service]) { row in
            guard let shard = UInt8(exactly: row[0] as Int64) else { return }
            let owner: String = row[1]
            let isRunning = row[3] as String == now.boot && row[4] as Int64 > now.milliseconds
            roster.leases[shard] = Lease(owner: owner, epoch: row[2], isLive: !owner.isEmpty && isRunning)
        }
        return roster
    }

    func claim(
        _ shards: [UInt8],
        service: String,
        owner: String,
        ttl: Duration,
        by deadline: Deadline
    ) throws(StoreError) -> [UInt8: Int64] {
        try file.transact(by: deadline) { database in
            let now = now()
            let until = now.milliseconds + ttl.wholeMilliseconds
            var taken: [UInt8: Int64] = [:]
            for shard in shards {
                let values: StatementArguments = [
                    service, Int64(shard), owner, now.boot, until, now.milliseconds,
                ]
                try database.each(SQLiteStatements.claim, values) { taken[shard] = $0[0] }
            }
            return taken
        }
    }

    func release(_ shards: [UInt8], service: String, owner: String, by deadline: Deadline) throws(StoreError)
    {
        try file.transact(by: deadline) { database in
            for shard in shards {
                try database.perform(SQLiteStatements.release, [service, Int64(shard), owner])
            }
        }
    }

    func leave(service: String, owner: String, by deadline: Deadline) throws(StoreError) {
        try file.transact(by: deadline) { database in
            try database.perform(SQLiteStatements.releaseAll, [service, owner])
            try database.perform(SQLiteStatements.leave, [service, owner])
        }
    }

    func load(
        service: String,
        shards: [UInt8],
        by deadline: Deadline
    ) throws(StoreError) -> [UInt8: [ConversationRow]] {
        try file.read(by: deadline) { database in
            var loaded: [UInt8: [ConversationRow]] = [:]
            for shard in shards {
                var rows: [ConversationRow] = []
                try database.each(SQLiteStatements.load, [service, Int64(shard)]) { row in
                    let key = try row.octets(at: 0)
                    rows.append(
                        ConversationRow(
                            key: String(decoding: key, as: UTF8.self),
                            state: try row.octets(at: 1)
                        )
                    )
                }
                loaded[shard] = rows
            }
            return loaded
        }
    }

    func write(_ writes: [ConversationWrite], by deadline: Deadline) throws(StoreError) -> [WriteResult] {
        try file.transact(by: deadline) { database in
            // Nobody can claim while the transaction has the file's lock: one look at each lease is enough.
            var leases: [ShardID: Lease] = [:]
            let updated = Int64(Date().timeIntervalSince1970 * 1000)
            return try writes.map { write in
                let lease = try leases[write.id] ?? lease(of: write.id, in: database)
                leases[write.id] = lease
                guard lease.isLive, lease.owner == write.owner, lease.epoch == write.epoch else {
                    return .fenced
                }
                try store(write, in: database, updated: updated)
                return .stored
            }
        }
    }

    /// Who may write to a shard: `isLive` is false where that is nobody.
    ///
    /// A lease that has run out and that nobody else took still lets its owner write.
    private func lease(of id: ShardID, in database: Database) throws -> Lease {
        var lease = Lease(owner: "", epoch: 0, isLive: false)
        try database.each(SQLiteStatements.lease, [id.service, Int64(id.shard)]) { row in
            let owner: String = row[0]
            lease = Lease(owner: owner, epoch: row[1], isLive: !owner.isEmpty)
        }
        return lease
    }

    private func store(_ write: ConversationWrite, in database: Database, updated: Int64) throws {
        let key = Data(write.key.utf8)
        if let state = write.state {
            let values: StatementArguments = [
                write.service, Int64(write.shard), key, write.epoch, Data(state), updated,
            ]
            try database.perform(SQLiteStatements.store, values)
        } else {
            try database.perform(SQLiteStatements.end, [write.service, Int64(write.shard), key])
        }
    }

    func secret(
        named name: String,
        orStore fresh: [UInt8],
        by deadline: Deadline
    ) throws(StoreError) -> [UInt8] {
        try file.transact(by: deadline) { database in
            try database.perform(SQLiteStatements.offerSecret, [name, Data(fresh)])
            var secret = fresh
            try database.each(SQLiteStatements.secret, [name]) { secret = try $0.octets(at: 0) }
            return secret
        }
    }

    func close() {
        file.close()
    }
}
