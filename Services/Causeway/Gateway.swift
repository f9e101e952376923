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
    private let reload: Reload
    private let settings: Settings
    private let logger: Logger

    /// Starts the parts: when this returns their sockets are bound.
    ///
    /// `reread`: reads the settings anew, when the process is told to.
    static func start(
        _ wanted: Set<Launch.Part>,
        _ settings: Settings,
        rereading reread: @escaping @Sendable () throws -> Settings,
        _ logger: Logger
    ) async throws -> Gateway {
        let builder = try GatewayBuilder(settings, isWhole: wanted.count > 1, logger)
        let running = try await builder.build(wanted)
        let reload = Reload(parts: running, read: reread, logger: logger)
        return Gateway(parts: running, reload: reload, settings: settings, logger: logger)
    }

    func run() async throws {
        let hangUps = Task { [reload] in
            for await _ in await UnixSignalsSequence(trapping: .sighup) { await reload.everything() }
        }
        let certificates = Task { [reload, settings] in
            await reload.certificates(every: settings.tls.reload)
        }
        defer {
            hangUps.cancel()
            certificates.cancel()
        }
        // A cancelled process ends without grace; either way what follows closes in order.
        try? await gracefulShutdown()
        await parts.finish(within: settings.shutdown.grace, logger)
    }
}
