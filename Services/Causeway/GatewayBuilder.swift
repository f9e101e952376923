import Addressing
import Bus
import BusContract
import InstantMessaging
import Logging
import MachineKit
import MessageBus
import NIOCore
import NIOPosix
import Octets
import Resolver
import ServiceKit
import Settings
import SoftwareVersion
import Store
import Telemetry
import TranslatorKit
import TransportSecurity
import XMPPEdge

/// Makes the parts of one process from the settings: here, and only here, is chosen which implementation is used.
struct GatewayBuilder {
    let settings: Settings
    private let logger: Logger
    private let context = ZeroMQContext()
    /// The bus of a process that hosts everything; nil where the broker is another process.
    private let local: LocalBus?
    private let group: MultiThreadedEventLoopGroup
    let resolver: UnboundResolver

    init(_ settings: Settings, isWhole: Bool, _ logger: Logger) throws {
        self.settings = settings
        self.logger = logger
        local = isWhole ? LocalBus() : nil
        group = MultiThreadedEventLoopGroup(numberOfThreads: Self.loops(isWhole: isWhole))
        var resolving =
            settings.dns.server.map {
                UnboundResolver.Configuration(server: $0.host, port: $0.port)
            } ?? .init()
        if let anchor = settings.dns.trustAnchor { resolving.trust = .file(anchor) }
        resolver = try UnboundResolver(resolving)
    }

    /// One event loop a service, but never so many that they only wake each other: with few cores, handing work from
    /// thread to thread costs more than doing it.
    private static func loops(isWhole: Bool) -> Int {
        isWhole ? max(1, min(3, System.coreCount - 1)) : 1
    }

    /// Builds and starts the wanted parts.
    ///
    /// Translators come first, so that an edge never asks nobody.
    func build(_ wanted: Set<Launch.Part>) async throws -> Running {
        let store = try await sharedStore(of: wanted)
        let certificates = try Certificates(settings)
        var running = Running(isWhole: local != nil, resolver: resolver, group: group, context: context)
        running.store = store
        running.certificates = certificates
        if wanted.contains(.broker) { running.broker = try broker() }
        if wanted.contains(.instantMessaging) {
            try await host(&running) {
                InstantMessaging(MessagingConfiguration($0), addresses: Self.addresses($0))
            }
        }
        if wanted.contains(.xmppEdge) {
            let client = try client("xmpp-edge")
            running.clients.append(client)
            running.xmppEdge = try await xmppEdge(client, store, certificates.xmpp)
        }
        if wanted.contains(.sipEdge) {
            let client = try client("sip-edge")
            running.clients.append(client)
            running.sipEdge = try await sipEdge(client, store, certificates.sip)
        }
        // After the edges, so that each of the busy three has an event loop of its own; who asks too early asks again.
        if wanted.contains(.softwareVersion) {
            try await host(&running) { SoftwareVersion(addresses: Self.addresses($0)) }
        }
        return running
    }

    private func broker() throws -> BrokerService {
        let address = settings.bus.listen.description
        guard let endpoint = MessageBus.BusEndpoint(address) else { throw BusError(.badAddress, address) }
        return try BrokerService(
            endpoint,
            curve: BusKeys.server(settings.bus.curve),
            context: context,
            logger: Logger(label: "bus")
        )
    }

    /// A place on the bus for one service.
    private func client(_ name: String) throws -> BusClient {
        let loop = group.next()
        return BusClient(
            instance: Instance.name(name),
            link: try link(),
            loop: loop,
            logger: Logger(label: name)
        )
    }

    private func link() throws -> any BusLink {
        if let local { return local.link() }
        let endpoints = try settings.bus.connect.map { broker in
            guard let endpoint = MessageBus.BusEndpoint(broker.description) else {
                throw BusError(.badAddress, broker.description)
            }
            return endpoint
        }
        return ZeroMQLink(
            endpoints,
            curve: try BusKeys.client(settings.bus.curve),
            context: context,
            logger: Logger(label: "bus")
        )
    }

    /// The store by which replicas share out their work; a gateway in one process has nobody to share it with, and
    /// nothing yet that must outlive it.
    private func sharedStore(of wanted: Set<Launch.Part>) async throws -> (any Store)? {
        guard local == nil, wanted != [.broker] else { return nil }
        switch settings.store {
        case .sqlite(let path): return try await SQLiteStore(path: path)
        case .postgreSQL(let uri):
            return try await PostgreSQLStore(uri: uri.revealed, logger: Logger(label: "store"))
        }
    }

    /// Which address is which, as the settings have it.
    private static func addresses(_ settings: Settings) -> AddressMapper {
        AddressMapper(
            pstnDomains: Set(settings.sip.pstnDomains),
            telDomain: settings.sip.telDomain,
            ipHosts: Set(settings.sip.ipHosts)
        )
    }

    /// Runs a translator at a place of its own on the bus; with a store its work is shared with other replicas.
    ///
    /// `make`: makes it of the settings, now and whenever they are read again.
    private func host<Subject: Translator>(
        _ running: inout Running,
        _ make: @escaping @Sendable (Settings) -> Subject
    ) async throws {
        let translator = make(settings)
        let name = translator.service.name
        let (client, store) = (try client(name), running.store)
        running.clients.append(client)
        let host = try await client.loop.submit {
            let host = TranslatorHost(translator, on: client, sharedBy: store, logger: Logger(label: name))
            host.start()
            return NIOLoopBound(host, eventLoop: client.loop)
        }.get()
        if let holder = try await client.loop.submit({ host.value.holder }).get() {
            running.holders.append(holder)
        }
        running.translators.append { settings in
            let translator = make(settings)
            try? await client.loop.submit { host.value.replace(translator) }.get()
        }
    }

    private func xmppEdge(
        _ client: BusClient,
        _ store: (any Store)?,
        _ certificates: TLSKeeper
    ) async throws -> XMPPEdge {
        let logger = Logger(label: "xmpp-edge")
        var configuration = XMPPEdgeConfiguration(settings, certificates)
        if configuration.dialbackSecret == nil, let store {
            let fresh = (0..<32).map { _ in UInt8.random(in: 0...255) }
            configuration.dialbackSecret = Hex.encode(
                try await store.secret(named: "dialback", orStore: fresh)
            )
        }
        let edge = try XMPPEdge(
            configuration,
            bus: client,
            sharing: store.map { EdgeSharing.of(.xmppEdge, client, $0, logger) },
            resolver: resolver,
            loop: client.loop,
            logger: logger,
            wallClock: { .now }
        )
        for (listener, bound) in zip(settings.xmpp.listen, try await edge.start()) {
            let host = listener.host.contains(":") ? "[\(listener.host)]" : listener.host
            let address = "\(listener.scheme.rawValue)://\(host):\(bound?.port ?? listener.port)"
            logger.info("listening for XMPP", metadata: ["address": "\(address)"])
        }
        return edge
    }
}
