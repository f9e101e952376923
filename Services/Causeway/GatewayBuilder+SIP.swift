import BusContract
import Logging
import MessageBus
import SIPEdge
import SIPTransport
import Settings
import Store
import TransportSecurity

extension GatewayBuilder {
    /// Starts the SIP edge on a client's loop: when this returns its sockets are bound.
    func sipEdge(_ client: BusClient, _ store: (any Store)?, _ security: TLSKeeper) async throws -> SIPEdge {
        let logger = Logger(label: "sip-edge")
        var configuration = try SIPEdgeConfiguration(settings)
        configuration.security = security
        configuration.transport.connections = FileLimit.connections
        if settings.sip.nonceSecret == nil, let store {
            configuration.nonceKey = try await store.secret(named: "nonces", orStore: configuration.nonceKey)
        }
        let isSecure = configuration.listen.contains { $0.transport.isSecure }
        if isSecure, !security.contexts.provesUs {
            logger.notice(
                "TLS with a certificate of our own making, which most peers refuse; tls.certificate names a better one"
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
