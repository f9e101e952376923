/// What became of a write.
package enum WriteResult: Hashable, Sendable {
    /// Committed: it outlives the process and the machine.
    case stored
    /// The shard has another owner or epoch by now: nothing was changed.
    case fenced
}
