import ArgumentParser
import Foundation
import Logging
import MessageBus
import ServiceLifecycle
import Settings
import Telemetry
import UnixSignals

/// Starts a process: its configuration, its log, its services, and its end.
struct Launch {
    /// What a process can host.
    enum Part: Hashable {
        case broker, sipEdge, xmppEdge, instantMessaging, softwareVersion
    }

    /// The exit status of a wrong configuration, or of an address that cannot be had.
    static let badConfiguration = ExitCode(2)

    private let settings: Settings
    private let logger: Logger
    private let name: String
    private let flags: SettingFlags

    init(_ flags: SettingFlags, name: String) throws {
        self.flags = flags
        settings = try Self.load(flags)
        Telemetry.bootstrap(level: settings.log.level, format: settings.log.format)
        logger = Logger(label: name)
        self.name = name
        let idle = settings.keysWithoutEffect
        if !idle.isEmpty {
            logger.notice(
                "keys without effect in this version",
                metadata: ["keys": "\(idle.joined(separator: " "))"]
            )
        }
    }

    /// Reads and checks the configuration; what is wrong goes to standard error in one line.
    static func load(_ flags: SettingFlags) throws -> Settings {
        do {
            return try read(flags)
        } catch {
            throw refuse("\(error)")
        }
    }

    private static func read(_ flags: SettingFlags) throws -> Settings {
        let settings = try Settings.load(
            environment: ProcessInfo.processInfo.environment,
            arguments: flags.settings
        )
        try BusKeys.check(settings.bus.curve)
        return settings
    }

    /// Runs the parts until the process is told to end (SIGTERM, SIGINT), and lets them finish what is in flight.
    func run(_ parts: Set<Part>) async throws {
        FileLimit.raise()
        let isAnEdge = !parts.isDisjoint(with: [.sipEdge, .xmppEdge])
        if isAnEdge, settings.domains.isEmpty, settings.xmppDomains.isEmpty {
            logger.warning("no domain is configured, so nobody may cross: name yours under `domains`")
        }
        let gateway: Gateway
        do {
            gateway = try await Gateway.start(
                parts,
                settings,
                rereading: { [flags] in try Self.read(flags) },
                logger
            )
        } catch {
            throw Self.refuse("causeway \(name) cannot start: \(StartFault.line(error, settings))")
        }
        logger.info("ready", metadata: ["services": "\(name)"])
        // What the lifecycle says of itself is for its own developers.
        var quiet = logger
        quiet.logLevel = .notice
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: gateway, successTerminationBehavior: .gracefullyShutdownGroup)],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: quiet
            )
        )
        try await group.run()
    }

    private static func refuse(_ line: String) -> ExitCode {
        FileHandle.standardError.write(Data("\(line)\n".utf8))
        return badConfiguration
    }
}
