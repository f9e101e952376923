import BusContract
import Logging
import MessageBus
import SIPEdge
import Store

extension GatewayBuilder {
    /// Starts the SIP edge on a client's loop: when this returns its sockets are bound.
    func sipEdge(_ client: BusClient, _ store: (any Store)?) async throws -> SIPEdge {
        let logger = Logger(label: "sip-edge")
        let (configuration, later) = try SIPEdgeConfiguration.from(settings)
        if !later.isEmpty {
            logger.notice(
                "transports that this version does not listen at",
                metadata: ["addresses": "\(later.joined(separator: " "))"]
            )
        }
        let edge = SIPEdge(
            configuration,
            loop: client.loop,
            courier: client,
            sharing: store.map { EdgeSharing.of(.sipEdge, client, $0, logger) },
            resolver: resolver,
            logger: logger
        )
        try await edge.start()
        return edge
    }
}
