/// Which shards of a service are this replica's (ARCHITECTURE section 4).
///
/// But for ``leave(within:)`` everything happens on the bus client's event loop.
package protocol ShardOwnership: AnyObject, Sendable {
    /// Begins to take part in sharing the service.
    func start()

    /// The epoch under which a shard is ours now; nil when it is not, or may not be any more.
    func epoch(of shard: UInt8) -> Int64?

    /// Gives everything back: what is idle at once, what is being worked on when that is done or `grace` is over.
    func leave(within grace: Duration) async
}

/// Makes what shares a service among its replicas; `moved` is to be called whenever shards have come or gone.
package typealias ShardSharing = (_ moved: @escaping () -> Void) -> any ShardOwnership
