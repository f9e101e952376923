import Store

/// What a store should say, kept in a dictionary.
struct LeaseModel {
    private(set) var leases: [UInt8: Lease] = [:]
    private(set) var rows: [UInt8: [String: [UInt8]]] = [:]
    private var ends: [UInt8: Duration] = [:]
    private var now = Duration.zero

    mutating func advance(by duration: Duration) {
        now += duration
        for (shard, end) in ends where end <= now { leases[shard]?.isLive = false }
    }

    mutating func renew(_ owner: String, ttl: Duration) {
        for (shard, lease) in leases where lease.owner == owner {
            leases[shard]?.isLive = true
            ends[shard] = now + ttl
        }
    }

    mutating func claim(_ shards: [UInt8], _ owner: String, ttl: Duration) -> [UInt8: Int64] {
        var taken: [UInt8: Int64] = [:]
        for shard in Set(shards) {
            let old = leases[shard] ?? Lease(owner: "", epoch: 0, isLive: false)
            guard !old.isLive || old.owner == owner else { continue }
            leases[shard] = Lease(owner: owner, epoch: old.epoch + 1, isLive: true)
            ends[shard] = now + ttl
            taken[shard] = old.epoch + 1
        }
        return taken
    }

    mutating func release(_ shards: [UInt8], _ owner: String) {
        for shard in shards where leases[shard]?.owner == owner {
            leases[shard]?.owner = ""
            leases[shard]?.isLive = false
        }
    }

    mutating func write(_ write: ConversationWrite) -> WriteResult {
        guard let lease = leases[write.shard], lease.owner == write.owner, lease.epoch == write.epoch else {
            return .fenced
        }
        rows[write.shard, default: [:]][write.key] = write.state
        return .stored
    }
}
