import Bus
import BusContract
import InstantMessaging
import Logging
import MessageBus
import NIOCore
import NIOPosix
import Resolver
import ServiceKit
import ServiceLifecycle
import Settings
import UnixSignals

/// The parts of one process, wired together; a service whose end lets them finish their work.
struct Gateway: Service {
    private let parts: Running
    private let grace: Duration
    private let logger: Logger

    /// Starts the parts: when this returns their sockets are bound.
    static func start(
        _ wanted: Set<Launch.Part>,
        _ settings: Settings,
        _ logger: Logger
    ) async throws -> Gateway {
        let builder = try GatewayBuilder(settings, isWhole: wanted.count > 1, logger)
        let running = try await builder.build(wanted)
        return Gateway(parts: running, grace: settings.shutdown.grace, logger: logger)
    }

    func run() async throws {
        let hangUps = Task { [logger] in
            for await _ in await UnixSignalsSequence(trapping: .sighup) {
                logger.warning(
                    "SIGHUP ignored: this version reads its configuration at start only; restart instead"
                )
            }
        }
        defer { hangUps.cancel() }
        // A cancelled process ends without grace; either way what follows closes in order.
        try? await gracefulShutdown()
        await parts.finish(within: grace, logger)
    }
}
