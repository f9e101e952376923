package import BusContract
package import MessageBus
import NIOCore

/// Shards that come and go as a test says.
package final class FakeShares: ShardOwnership, @unchecked Sendable {
    // What changes is touched on the client's loop alone.
    private let service: ServiceName
    private let client: BusClient
    private var owned: Set<UInt8>
    private var moved: () -> Void = {}

    package init(of service: ServiceName, on client: BusClient, owning shards: Set<UInt8>) {
        self.service = service
        self.client = client
        owned = shards
    }

    /// What an edge is given to share with.
    package var joined: ShardSharing {
        { [self] moved in
            self.moved = moved
            return self
        }
    }

    package func start() {
        client.own(owned, of: service)
        moved()
    }

    package func epoch(of shard: UInt8) -> Int64? { owned.contains(shard) ? 1 : nil }

    package func leave(within grace: Duration) async {
        try? await lose(Set(0...255))
    }

    package func own(_ shards: Set<UInt8>) async throws {
        try await client.loop.submit { [self] in
            owned.formUnion(shards)
            client.own(shards, of: service)
            moved()
        }.get()
    }

    package func lose(_ shards: Set<UInt8>) async throws {
        try await client.loop.submit { [self] in
            owned.subtract(shards)
            client.disown(shards, of: service)
            moved()
        }.get()
    }

    /// The leases have run out, and the edge was not told of it yet.
    package func expire() async throws {
        try await client.loop.submit { [self] in owned = [] }.get()
    }
}
