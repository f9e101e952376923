import BusContract
import Logging
import MessageBus
import ServiceKit
import Store

extension ShardHolder: ShardOwnership {}

/// How an edge shares its service with its other replicas.
enum EdgeSharing {
    static func of(
        _ service: ServiceName,
        _ client: BusClient,
        _ store: any Store,
        _ logger: Logger
    ) -> ShardSharing {
        { moved in
            ShardHolder(service, on: client, store: store, logger: logger, taken: moved) { _ in moved() }
        }
    }
}
