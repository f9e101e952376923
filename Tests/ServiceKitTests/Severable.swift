import MessageBus
import Store
import Synchronization

/// A link that can be cut, as by the death of its process.
final class SeverableLink: BusLink {
    private let link: any BusLink
    private let isSevered = Mutex(false)

    init(_ link: any BusLink) {
        self.link = link
    }

    func sever() { isSevered.withLock { $0 = true } }

    func open(_ receive: @escaping @Sendable ([Arrival]) -> Void) {
        link.open { [self] arrivals in if !isSevered.withLock(\.self) { receive(arrivals) } }
    }
    func subscribe(_ prefix: String) { link.subscribe(prefix) }
    func unsubscribe(_ prefix: String) { link.unsubscribe(prefix) }
    func publish(_ mail: [Mail]) { if !isSevered.withLock(\.self) { link.publish(mail) } }
    func close() async { await link.close() }
}

/// A store that can be cut off, as by the death of its process.
final class SeverableStore: Store {
    private let store: any Store
    private let isSevered = Mutex(false)

    init(_ store: any Store) {
        self.store = store
    }

    func sever() { isSevered.withLock { $0 = true } }

    private var reachable: any Store {
        get throws(StoreError) {
            guard !isSevered.withLock(\.self) else { throw StoreError(.unavailable, "severed") }
            return store
        }
    }

    func renew(service: String, owner: String, ttl: Duration) async throws(StoreError) -> Roster {
        try await reachable.renew(service: service, owner: owner, ttl: ttl)
    }

    func claim(
        _ shards: [UInt8],
        service: String,
        owner: String,
        ttl: Duration
    ) async throws(StoreError) -> [UInt8: Int64] {
        try await reachable.claim(shards, service: service, owner: owner, ttl: ttl)
    }

    func release(_ shards: [UInt8], service: String, owner: String) async throws(StoreError) {
        try await reachable.release(shards, service: service, owner: owner)
    }

    func leave(service: String, owner: String) async throws(StoreError) {
        try await reachable.leave(service: service, owner: owner)
    }

    func load(service: String, shards: [UInt8]) async throws(StoreError) -> [UInt8: [ConversationRow]] {
        try await reachable.load(service: service, shards: shards)
    }

    func write(_ writes: [ConversationWrite]) async throws(StoreError) -> [WriteResult] {
        try await reachable.write(writes)
    }

    func secret(named name: String, orStore fresh: [UInt8]) async throws(StoreError) -> [UInt8] {
        try await reachable.secret(named: name, orStore: fresh)
    }

    func close() async { await store.close() }
}
