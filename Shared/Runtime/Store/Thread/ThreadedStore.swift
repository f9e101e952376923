/// A store whose calls are carried to a thread of its own, where a session does them.
package protocol ThreadedStore: Store {
    var thread: StoreThread { get }
}

extension ThreadedStore {
    package func renew(service: String, owner: String, ttl: Duration) async throws(StoreError) -> Roster {
        try await thread.call { session, deadline throws(StoreError) in
            try session.renew(service: service, owner: named(owner), ttl: ttl, by: deadline)
        }
    }

    package func claim(
        _ shards: [UInt8],
        service: String,
        owner: String,
        ttl: Duration
    ) async throws(StoreError) -> [UInt8: Int64] {
        // In this order everywhere, so that two who claim never wait for each other.
        let shards = Set(shards).sorted()
        guard !shards.isEmpty else { return [:] }
        return try await thread.call { session, deadline throws(StoreError) in
            try session.claim(shards, service: service, owner: named(owner), ttl: ttl, by: deadline)
        }
    }

    package func release(_ shards: [UInt8], service: String, owner: String) async throws(StoreError) {
        let shards = Set(shards).sorted()
        guard !shards.isEmpty else { return }
        try await thread.call { session, deadline throws(StoreError) in
            try session.release(shards, service: service, owner: named(owner), by: deadline)
        }
    }

    package func leave(service: String, owner: String) async throws(StoreError) {
        try await thread.call { session, deadline throws(StoreError) in
            try session.leave(service: service, owner: named(owner), by: deadline)
        }
    }

    package func load(
        service: String,
        shards: [UInt8]
    ) async throws(StoreError) -> [UInt8: [ConversationRow]] {
        try await thread.load(service: service, shards: shards)
    }

    package func write(_ writes: [ConversationWrite]) async throws(StoreError) -> [WriteResult] {
        try await thread.write(writes)
    }

    package func secret(named name: String, orStore fresh: [UInt8]) async throws(StoreError) -> [UInt8] {
        try await thread.call { session, deadline throws(StoreError) in
            try session.secret(named: name, orStore: fresh, by: deadline)
        }
    }

    package func close() async {
        await thread.close()
    }
}

/// The owner, who has a name: a lease without one was given back.
private func named(_ owner: String) throws(StoreError) -> String {
    guard !owner.isEmpty else { throw StoreError(.refused, "an owner of shards needs a name") }
    return owner
}
