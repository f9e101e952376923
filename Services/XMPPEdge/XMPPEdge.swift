import BusContract
package import Logging
package import MachineKit
package import MessageBus
import Metrics
package import NIOCore
package import Resolver
import TransportSecurity
import XMPPGrammar
import XMPPStreams
import XMPPTransport

/// The gateway's sockets on the XMPP side: streams from and to other servers, and attachments to servers of our own.
///
/// Stanzas that come in over a stream whose domain is proven go to the translators by the bus; stanzas that come by
/// the bus leave by the component link of their domain, else by a stream to the server of whom they are for. It knows
/// no translation rule. Everything happens on one event loop, so there is no lock and no hop for a stanza.
///
/// Replicas share the work by shards (ARCHITECTURE section 4): streams are each replica's own, but a component's domain
/// is attached by one, to which the others hand over what leaves by that link.
package final class XMPPEdge: @unchecked Sendable {
    // All mutable state is touched on `loop` alone.
    private(set) var configuration: XMPPEdgeConfiguration
    let loop: any EventLoop
    let bus: any Courier
    let logger: Logger
    let metrics = EdgeMetrics()
    private(set) var served: ServedDomains
    /// What connections use that are made now.
    var tls: TLSContexts { configuration.certificates?.contexts ?? fixed }
    private var fixed: TLSContexts
    private(set) var finder: TargetFinder
    let dialbackKey: DialbackKey
    let connector: XMPPConnector
    let wallClock: () -> WallTime
    let answers = ServiceAnswers()
    var random: any RandomNumberGenerator
    /// What the translators that run can do.
    private(set) var directory: ServiceDirectory

    /// What shares the work with other replicas; nil where there are none.
    private(set) var ownership: (any ShardOwnership)?
    private(set) var componentDomains: Set<String>

    private var listeners: [XMPPListener] = []
    var components: [String: ComponentLink] = [:]
    /// Links that are being closed.
    var detached: [ComponentLink] = []
    var ledger = LinkLedger()
    private var inbound: [ObjectIdentifier: InboundStream] = [:]
    private var outbound: [DomainPair: OutboundStream] = [:]
    var rates: [String: TokenBucket] = [:]
    /// Streams with a stanza for which the bus has no room (rule 6 of ARCHITECTURE section 4).
    private var held: [any StanzaSource] = []
    private(set) var isStopping = false
    /// Deliveries that came in here and have no outcome yet, or came by the bus and have no reply yet.
    var inFlight = 0

    /// Prepares it; nothing happens yet.
    ///
    /// `sharing`: makes what shares the work with other replicas; nil where all of it is this one's.
    /// `loop`: the bus's loop, on which everything happens.
    /// `wallClock`: the time of day.
    /// - Throws: when a certificate or key cannot be used.
    package init(
        _ configuration: XMPPEdgeConfiguration,
        bus: any Courier,
        sharing: ShardSharing? = nil,
        resolver: any Resolving,
        loop: any EventLoop,
        logger: Logger,
        random: any RandomNumberGenerator = SystemRandomNumberGenerator(),
        wallClock: @escaping () -> WallTime
    ) throws {
        self.configuration = configuration
        self.bus = bus
        self.loop = loop
        self.logger = logger
        self.random = random
        self.wallClock = wallClock
        directory = ServiceDirectory(at: Moment(loop))
        served = configuration.served
        componentDomains = configuration.componentDomains
        fixed = try Self.contexts(configuration)
        dialbackKey = Proofs.dialbackKey(secret: configuration.dialbackSecret ?? Self.freshSecret(random))
        connector = XMPPConnector(loop: loop, limits: configuration.limits)
        finder = TargetFinder(routes: configuration.canonicalRoutes, resolver: resolver)
        ownership = sharing?({ [weak self] in self?.attach() })
    }

    /// Listens, attaches, and takes the work of the service `xmpp-edge`.
    ///
    /// - Returns: where it listens, in the order of the configuration.
    package func start() async throws -> [SocketAddress?] {
        var addresses: [SocketAddress?] = []
        for listener in configuration.listeners { addresses.append(try await listen(listener)) }
        try await onLoop { edge in
            edge.attach()
            edge.bus.take(.xmppEdge, isShared: edge.ownership != nil) { [weak edge] delivery, reply in
                guard let edge else { return reply(.failed(Failure(.internal, "the edge is gone"))) }
                edge.dispatch(delivery, reply)
            }
            edge.bus.watchOffers { [weak edge] offer in
                guard let edge else { return }
                edge.directory.heed(offer, at: Moment(edge.loop))
            }
            edge.ownership?.start()
        }
        return addresses
    }

    /// Goes on with other domains, components, certificates, trust, routes and rates; where it listens stays.
    ///
    /// Streams that there are keep what they were set up with; new ones follow the new configuration.
    /// - Throws: when a certificate or key cannot be used; then everything stays as it was.
    package func reload(_ configuration: XMPPEdgeConfiguration) async throws {
        let fixed = try Self.contexts(configuration)
        try await onLoop { edge in
            edge.configuration = configuration
            edge.served = configuration.served
            edge.componentDomains = configuration.componentDomains
            edge.fixed = fixed
            edge.finder = TargetFinder(routes: configuration.canonicalRoutes, resolver: edge.finder.resolver)
            edge.attach()
        }
    }

    /// Ends in an orderly way: takes nothing new, finishes what is in flight for at most `grace`, closes all streams.
    package func stop(grace: Duration) async {
        let deadline = NIODeadline.now() + TimeAmount(grace)
        // Where there are others, nobody is refused anything: they take over shard by shard, and links with them.
        await ownership?.leave(within: grace)
        await wait(until: .now() + TimeAmount(ComponentLink.linger)) { $0.detached.isEmpty }
        // Streams are read on: an answer may need a new stream, whose proof the peer asks for over an old one. Stanzas
        // that come meanwhile are refused, so that their senders know.
        try? await onLoop { edge in edge.refuseFromNowOn() }
        await wait(until: deadline) { $0.isQuiet }
        for listener in listeners { await listener.close() }
        let closed = NIODeadline.now() + TimeAmount(configuration.timeouts.closing)
        await wait(until: closed) { $0.closeSources() }
        // What came until our peers knew has gone to the bus; its failures are told over the streams that are left.
        await wait(until: deadline) { $0.isQuiet }
        await wait(until: max(closed, .now() + .seconds(1))) { edge in
            for stream in edge.outbound.values { stream.close() }
            return edge.outbound.isEmpty
        }
    }

    private var isQuiet: Bool { inFlight == 0 && outbound.values.allSatisfy { !$0.isWaiting } }

    private func refuseFromNowOn() {
        isStopping = true
        // Saying no takes no room on the bus and may be done fast.
        for source in sources { source.resume([.busFull, .tooFast]) }
    }

    /// Closes all that stanzas come in by; whether that is done.
    private func closeSources() -> Bool {
        for stream in inbound.values { stream.close() }
        for link in components.values { detach(link) }
        return inbound.isEmpty && detached.isEmpty
    }

    /// What the edge is connected to, for people and for readiness.
    package func links() async -> [EdgeLink] {
        (try? await loop.submit { [self] in
            components.values.map(\.link) + detached.map(\.link) + outbound.values.map(\.link)
                + [EdgeLink(name: "inbound streams", state: "\(inbound.count)")]
        }.get()) ?? []
    }

    // MARK: Streams

    private func listen(_ listener: XMPPEdgeConfiguration.Listener) async throws -> SocketAddress? {
        let socket = XMPPListener(
            loop: loop,
            limits: configuration.limits,
            mostConnections: configuration.mostConnections
        ) { [weak self] connection in
            guard let self else { return connection.abort() }
            let stream = InboundStream(connection, isDirectTLS: listener.isDirectTLS, edge: self)
            inbound[ObjectIdentifier(stream)] = stream
            stream.start()
        }
        do {
            let address = try await socket.bind(host: listener.host, port: listener.port)
            listeners.append(socket)
            return address
        } catch {
            throw XMPPListenError(host: listener.host, port: listener.port, cause: error)
        }
    }

    func forget(_ stream: InboundStream) {
        inbound[ObjectIdentifier(stream)] = nil
    }

    func forget(_ stream: OutboundStream) {
        if outbound[stream.pair] === stream { outbound[stream.pair] = nil }
    }

    /// The stream from one domain to another; a new one when there is none that takes work.
    func stream(_ pair: DomainPair) -> OutboundStream {
        if let stream = outbound[pair], stream.takesWork { return stream }
        let stream = OutboundStream(pair, edge: self)
        outbound[pair] = stream
        return stream
    }

    private var sources: [any StanzaSource] { Array(inbound.values) + Array(components.values) + detached }

    /// Why a stanza that has come in must wait, if it must: it stays in its stream, which is read no further.
    ///
    /// Nothing else waits, least of all the questions by which peers find out that our own streams are ours.
    func reasonToHold(_ source: any StanzaSource) -> PauseReasons? {
        guard !bus.hasRoom, !isStopping || source.isClosing else { return nil }
        held.append(source)
        guard held.count == 1 else { return .busFull }
        metrics.busFull.increment()
        bus.whenRoom { [weak self] in
            guard let self else { return }
            let sources = held
            held = []
            for source in sources { source.resume(.busFull) }
        }
        return .busFull
    }

    /// Looks again and again until something has come about, or the time is up.
    private func wait(until deadline: NIODeadline, _ isDone: @escaping @Sendable (XMPPEdge) -> Bool) async {
        let promise = loop.makePromise(of: Void.self)
        loop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(10)) { [self] task in
            guard isDone(self) || loop.now >= deadline else { return }
            task.cancel()
            promise.succeed()
        }
        try? await promise.futureResult.get()
    }

    private func onLoop(_ body: @escaping @Sendable (XMPPEdge) throws -> Void) async throws {
        try await loop.submit { [self] in try body(self) }.get()
    }

    private static func contexts(_ configuration: XMPPEdgeConfiguration) throws -> TLSContexts {
        if let certificates = configuration.certificates { return certificates.contexts }
        let domains = configuration.served.local.sorted().map(ASCIIDomain.of)
        let identity = try configuration.identity ?? .selfSigned(for: domains)
        return try TLSContexts(identity, trust: configuration.trust)
    }

    private static func freshSecret(_ random: any RandomNumberGenerator) -> String {
        var random = random
        return (0..<4).map { _ in String(random.next(), radix: 16) }.joined()
    }
}

/// Something that the edge is connected to.
package struct EdgeLink: Hashable, Sendable {
    package var name: String
    package var state: String

    package init(name: String, state: String) {
        self.name = name
        self.state = state
    }
}
