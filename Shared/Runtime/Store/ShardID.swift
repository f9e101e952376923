/// One of a service's 256 parts: its owner handles the conversations whose keys hash to it.
package struct ShardID: Hashable, Sendable {
    package var service: String
    package var shard: UInt8

    package init(service: String, shard: UInt8) {
        self.service = service
        self.shard = shard
    }
}
