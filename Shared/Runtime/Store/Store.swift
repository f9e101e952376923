/// Where conversations outlive their process, and where a service's replicas agree on who owns which shard.
///
/// A shard belongs to one owner at a time, by a lease with a fencing epoch that grows with each claim. Leases run out by
/// the store's clock, so that the replicas' clocks do not matter. What is written under an epoch that is not the lease's
/// current one changes nothing, however late it arrives.
///
/// Every call is answered within the store's patience and the time of one statement. Where a call fails as
/// `unavailable`, what it asked for may have happened all the same; asking again is safe.
package protocol Store: Sendable {
    /// Keeps the member and all its leases for `ttl` from now, and says who there is and who owns what.
    func renew(service: String, owner: String, ttl: Duration) async throws(StoreError) -> Roster

    /// Takes those of the shards that are free, expired or the owner's own.
    ///
    /// - Returns: the shards taken, each with an epoch greater than any before.
    func claim(
        _ shards: [UInt8],
        service: String,
        owner: String,
        ttl: Duration
    ) async throws(StoreError) -> [UInt8: Int64]

    /// Gives shards back at once; their epochs stay.
    func release(_ shards: [UInt8], service: String, owner: String) async throws(StoreError)

    /// Gives everything back and is no member any more.
    func leave(service: String, owner: String) async throws(StoreError)

    /// All conversations of the shards, in no order; a shard without any has an empty list.
    func load(service: String, shards: [UInt8]) async throws(StoreError) -> [UInt8: [ConversationRow]]

    /// Writes in this order, in one transaction together with what others write at the time.
    ///
    /// - Returns: for each write, whether it was stored, or fenced and changed nothing.
    func write(_ writes: [ConversationWrite]) async throws(StoreError) -> [WriteResult]

    /// A secret that all replicas share: the stored one, or `fresh`, stored by whoever comes first.
    func secret(named name: String, orStore fresh: [UInt8]) async throws(StoreError) -> [UInt8]

    /// Finishes what was asked for and lets go of the file or the connection.
    func close() async
}
