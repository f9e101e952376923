/// A conversation's new state, written in the name of a shard's owner.
package struct ConversationWrite: Hashable, Sendable {
    package var service: String
    package var shard: UInt8
    package var owner: String
    /// The epoch under which the owner claimed the shard.
    package var epoch: Int64
    package var key: String
    /// The state; nil ends the conversation.
    package var state: [UInt8]?

    package init(
        service: String,
        shard: UInt8,
        owner: String,
        epoch: Int64,
        key: String,
        state: [UInt8]?
    ) {
        self.service = service
        self.shard = shard
        self.owner = owner
        self.epoch = epoch
        self.key = key
        self.state = state
    }

    /// The shard that is written to.
    package var id: ShardID { ShardID(service: service, shard: shard) }
}
