import Store
import Synchronization

/// Notes what owners were granted, and finds where two had the same.
final class LeaseLedger: Sendable {
    private struct State {
        var holders: [UInt8: String] = [:]
        var epochs: [UInt8: Set<Int64>] = [:]
        var lastWrites: [UInt8: (epoch: Int64, state: [UInt8])] = [:]
        var faults: [String] = []
    }

    private let state = Mutex(State())

    var faults: [String] { state.withLock { $0.faults } }

    func grants(of shard: UInt8) -> Int { state.withLock { $0.epochs[shard]?.count ?? 0 } }

    func lastWrite(to shard: UInt8) -> [UInt8]? { state.withLock { $0.lastWrites[shard]?.state } }

    func claimed(_ taken: [UInt8: Int64], by owner: String) {
        state.withLock { state in
            for (shard, epoch) in taken {
                if let holder = state.holders[shard], holder != owner {
                    state.faults.append("\(owner) was given \(shard), which \(holder) holds")
                }
                state.holders[shard] = owner
                let isNew = state.epochs[shard, default: []].insert(epoch).inserted
                if !isNew || state.epochs[shard]?.max() != epoch {
                    state.faults.append(
                        "epoch \(epoch) of \(shard), given to \(owner), is none greater than before"
                    )
                }
            }
        }
    }

    /// Before it is done: at once afterwards another may have it.
    func releases(_ shards: [UInt8], by owner: String) {
        state.withLock { state in
            for shard in shards where state.holders[shard] == owner { state.holders[shard] = nil }
        }
    }

    func wrote(_ writes: [ConversationWrite], _ results: [WriteResult]) {
        state.withLock { state in
            for (write, result) in zip(writes, results) {
                let isCurrent = write.state == Array("\(write.epoch) \(write.owner)".utf8)
                let isHeld = state.epochs[write.shard]?.contains(write.epoch) == true
                if result == .stored, isCurrent, isHeld,
                    write.epoch >= state.lastWrites[write.shard]?.epoch ?? 0
                {
                    state.lastWrites[write.shard] = (write.epoch, write.state ?? [])
                }
            }
        }
    }
}
