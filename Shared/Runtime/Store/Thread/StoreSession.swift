/// A store as its own thread sees it: one call after the other, each of which may block that thread.
///
/// `deadline` says until when a call may wait for a lock or a connection. A session is made on its thread and dies there.
protocol StoreSession: AnyObject {
    typealias Deadline = ContinuousClock.Instant

    func renew(
        service: String,
        owner: String,
        ttl: Duration,
        by deadline: Deadline
    ) throws(StoreError) -> Roster
    func claim(
        _ shards: [UInt8],
        service: String,
        owner: String,
        ttl: Duration,
        by deadline: Deadline
    ) throws(StoreError) -> [UInt8: Int64]
    func release(_ shards: [UInt8], service: String, owner: String, by deadline: Deadline) throws(StoreError)
    func leave(service: String, owner: String, by deadline: Deadline) throws(StoreError)
    func load(
        service: String,
        shards: [UInt8],
        by deadline: Deadline
    ) throws(StoreError) -> [UInt8: [ConversationRow]]
    /// Writes in order, all in one transaction.
    func write(_ writes: [ConversationWrite], by deadline: Deadline) throws(StoreError) -> [WriteResult]
    func secret(
        named name: String,
        orStore fresh: [UInt8],
        by deadline: Deadline
    ) throws(StoreError) -> [UInt8]
    func close()
}
