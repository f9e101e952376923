import NIOCore
import SIPGrammar
import TransportSecurity

/// Builds what comes before messages on a connection: TLS, the upgrade to a WebSocket, both or nothing.
struct Greeter {
    let limits: TransportLimits
    /// Our certificates; nil where nobody set up TLS.
    let security: TLSKeeper?
    let metrics: TransportMetrics

    private static let unprepared = TLSFault(.handshake, "TLS is not set up here")

    /// Greets whoever connected to us.
    func greet(_ connection: SIPConnection) throws {
        switch connection.origin.transport {
        case .udp, .tcp: try open(connection, proving: [])
        case .ws: try awaitUpgrade(of: connection)
        case .tls:
            try TLSGreeting.install(
                serverOn: connection.channel,
                contexts(),
                asks: true,
                secured: { try open(connection, proving: $0) },
                failed: connection.fail
            )
        case .wss:
            // Browsers would ask their users which certificate to show.
            try TLSGreeting.install(
                serverOn: connection.channel,
                contexts(),
                asks: false,
                secured: { _ in try awaitUpgrade(of: connection) },
                failed: connection.fail
            )
        }
    }

    /// Greets whom we connected to, who must prove to be the one that is meant.
    func greet(_ connection: SIPConnection, demanding name: String) throws {
        switch connection.origin.transport {
        case .udp, .tcp, .ws, .wss: try open(connection, proving: [])
        case .tls:
            do {
                try TLSGreeting.install(
                    clientOn: connection.channel,
                    contexts(),
                    demanding: name,
                    secured: { try open(connection, proving: $0) },
                    failed: connection.fail
                )
            } catch {
                connection.channel.close(promise: nil)
                throw error
            }
        }
    }

    private func contexts() throws -> TLSContexts {
        guard let security else { throw Self.unprepared }
        return security.contexts
    }

    private func open(_ connection: SIPConnection, proving domains: [String]) throws {
        try connection.channel.pipeline.syncOperations.addHandler(connection)
        connection.open(proving: domains)
    }

    private func awaitUpgrade(of connection: SIPConnection) throws {
        let (largest, metrics) = (limits.grammar.message, metrics)
        try WebSocketUpgrade.install(on: connection.channel, largestMessage: largest, metrics: metrics) {
            try $0.pipeline.syncOperations.addHandlers(
                [WebSocketMessages(largest: largest, metrics: metrics), connection]
            )
            connection.open(proving: [])
        }
    }
}
