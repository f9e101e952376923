import BusContract

/// The highest epoch seen of each shard in whose name something was sent.
///
/// What bears a lower one comes from an owner that has lost the shard and does not know it yet. Services are few and
/// named by our own: beyond a bound no further one is remembered.
struct FenceMemory: Sendable {
    private static let mostServices = 64

    private var epochs: [ServiceName: [Int64]] = [:]

    /// Whether what is sent under a fence may be worked on.
    mutating func admits(_ fence: Fence) -> Bool {
        let shard = Int(fence.shard)
        guard let known = epochs[fence.service]?[shard] else {
            guard epochs.count < Self.mostServices else { return true }
            epochs[fence.service] = Array(repeating: .min, count: 256)
            epochs[fence.service]?[shard] = fence.epoch
            return true
        }
        if fence.epoch > known { epochs[fence.service]?[shard] = fence.epoch }
        return fence.epoch >= known
    }
}
