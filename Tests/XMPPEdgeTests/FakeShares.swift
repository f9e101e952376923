import BusContract
import MessageBus
import NIOCore

/// Shards that come and go as a test says.
final class FakeShares: ShardOwnership, @unchecked Sendable {
    // What changes is touched on the client's loop alone.
    private let service: ServiceName
    private let client: BusClient
    private var owned: Set<UInt8>
    private var moved: () -> Void = {}

    init(of service: ServiceName, on client: BusClient, owning shards: Set<UInt8>) {
        self.service = service
        self.client = client
        owned = shards
    }

    /// What an edge is given to share with.
    var joined: ShardSharing {
        { [self] moved in
            self.moved = moved
            return self
        }
    }

    func start() {
        client.own(owned, of: service)
        moved()
    }

    func epoch(of shard: UInt8) -> Int64? { owned.contains(shard) ? 1 : nil }

    func leave(within grace: Duration) async {
        try? await lose(Set(0...255))
    }

    func own(_ shards: Set<UInt8>) async throws {
        try await client.loop.submit { [self] in
            owned.formUnion(shards)
            client.own(shards, of: service)
            moved()
        }.get()
    }

    func lose(_ shards: Set<UInt8>) async throws {
        try await client.loop.submit { [self] in
            owned.subtract(shards)
            client.disown(shards, of: service)
            moved()
        }.get()
    }

    /// The leases have run out, and the edge was not told of it yet.
    func expire() async throws {
        try await client.loop.submit { [self] in owned = [] }.get()
    }
}
