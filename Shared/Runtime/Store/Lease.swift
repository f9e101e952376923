/// Who holds a shard, and under which fencing epoch.
package struct Lease: Hashable, Sendable {
    /// The holder, or the last one when the lease ran out; empty when it was given back.
    package var owner: String
    /// Grows with each claim; what is written under an earlier one is refused.
    package var epoch: Int64
    /// False when the lease has run out or was given back: anyone may claim the shard.
    package var isLive: Bool

    package init(owner: String, epoch: Int64, isLive: Bool) {
        self.owner = owner
        self.epoch = epoch
        self.isLive = isLive
    }
}
