import BusContract
package import Logging
package import MachineKit
package import MessageBus
package import NIOCore
package import Resolver
package import SIPGrammar
package import SIPTransport

/// The SIP side of the gateway: sockets, transactions and admission, and not one rule of translation.
///
/// Everything happens on one event loop: the sockets', the bus's, and the timers', of which there is one for all.
package final class SIPEdge: @unchecked Sendable {
    // All mutable state is touched on `loop` alone.

    /// How long services are waited for before the first request is taken.
    private static let introduction = TimeAmount.seconds(1)

    private let configuration: SIPEdgeConfiguration
    private let loop: any EventLoop
    private let courier: any Courier
    private let logger: Logger
    private let transport: SIPTransport
    private let locator: Locator
    /// What shares the work with other replicas; nil where there are none.
    private var ownership: (any ShardOwnership)?
    private var parts: Parts?
    private var waitingForIdle: [EventLoopPromise<Void>] = []

    private struct Parts {
        var server: UserAgentServer
        var client: UserAgentClient
        var registrations: Registrations
        var alarm: Alarm
    }

    /// An edge on its courier's loop.
    ///
    /// `sharing` makes what shares the work with other replicas; nil where all of it is this one's. `wallTime` tells the
    /// calendar's time, for what people read.
    package init(
        _ configuration: SIPEdgeConfiguration,
        loop: any EventLoop,
        courier: any Courier,
        sharing: ShardSharing? = nil,
        resolver: any Resolving,
        logger: Logger,
        wallTime: @escaping () -> WallTime = { .now }
    ) {
        self.configuration = configuration
        self.loop = loop
        self.courier = courier
        self.logger = logger
        transport = SIPTransport(
            loop: loop,
            limits: configuration.transport,
            security: configuration.security,
            logger: logger
        )
        locator = Locator(loop: loop, resolver: resolver)
        parts = makeParts(wallTime)
        transport.user = self
        ownership = sharing?({ [weak self] in self?.leaveToOthers() })
    }

    /// The addresses that are listened at, with the ports that the system chose for port 0; on the loop.
    package var endpoints: [SIPEndpoint] { transport.endpoints }

    /// Whether every socket that was asked for takes what comes; on the loop.
    package var isListening: Bool { transport.isListening }

    /// What is under way; on the loop.
    package var load: Load {
        guard let parts else { return Load() }
        let (server, client) = (parts.server.load, parts.client.load)
        return Load(
            pending: server.pending,
            remembered: server.remembered,
            outstanding: client.outstanding,
            waiting: client.waiting,
            connections: transport.connectionCount
        )
    }

    /// Whether new requests are refused, because the process is about to end; on the loop.
    package var isDraining: Bool { parts?.server.isDraining ?? true }

    /// Listens, and takes work off the bus.
    ///
    /// - Throws: ``SIPListenError``, which names the address at fault; nothing is left open then.
    package func start() async throws {
        await knowServices()
        try await transport.listen(at: configuration.listen)
        try await loop.submit { [self] in
            courier.take(.sipEdge, isShared: ownership != nil) { [weak self] delivery, reply in
                guard let self, let client = parts?.client else {
                    return reply(.failed(Failure(.overloaded, "the SIP edge is ending")))
                }
                if case .sipResponding(let responding) = delivery.payload {
                    return respond(responding, reply)
                }
                // A process that was paused may not know yet that the work is another's.
                guard owns(delivery.key.shard) else { return reply(nil) }
                client.dispatch(delivery, reply: reply)
            }
            courier.take(.edge(.sipEdge, instance: courier.instance), isShared: false) { [weak self] in
                guard case .sipResponding(let responding) = $0.payload else {
                    return $1(.failed(Failure(.unsupported, "an edge by its name takes responses alone")))
                }
                self?.respond(responding, $1)
            }
            ownership?.start()
            parts?.registrations.share()
            for endpoint in endpoints {
                logger.info("listening for SIP", metadata: ["address": "\(endpoint)"])
            }
        }.get()
    }

    /// Takes no new requests from now on, and returns when none is under way any more, or after `grace`.
    ///
    /// What the bus has for us is left to other replicas first, where there are any.
    package func drain(grace: Duration) async {
        let deadline = NIODeadline.now() + TimeAmount(grace)
        try? await loop.submit { [self] in parts?.server.isDraining = true }.get()
        await leaveRegistrars()
        await ownership?.leave(within: grace)
        let drained = loop.flatSubmit { [self] in
            let promise = loop.makePromise(of: Void.self)
            waitingForIdle.append(promise)
            noticeIdle()
            loop.assumeIsolated().scheduleTask(deadline: deadline) { [self] in release() }
            return promise.futureResult
        }
        try? await drained.get()
    }

    /// Closes all sockets.
    package func stop() async {
        await transport.close()
        try? await loop.submit { [self] in
            release()
            parts?.alarm.cancel()
            parts = nil
        }.get()
    }

    /// Takes other domains, trusted peers and accounts, and other addresses to register; nothing that is under way is
    /// touched.
    package func reload(_ access: AccessRules, registrations: [RegistrationEntry]? = nil) async {
        try? await loop.submit { [self] in
            parts?.server.reload(access)
            parts?.client.reload(access)
            if let registrations { parts?.registrations.reload(registrations) }
            locator.forget()
        }.get()
    }

    private func makeParts(_ wallTime: @escaping () -> WallTime) -> Parts {
        let alarm = Alarm(loop: loop) { [weak self] in self?.fire() }
        let metrics = EdgeMetrics()
        let server = UserAgentServer(
            configuration,
            UserAgentServer.Surroundings(
                courier: courier,
                send: { [transport] in transport.respond($0, via: $1, to: $2) },
                sendAstray: { [transport] in transport.respond(astray: $0) },
                contact: { [weak self] in self?.contact(TransportTarget($0.transport, $0.peer)) },
                isOurs: { [weak self] in self?.isOurs($0) ?? false },
                now: { [loop] in loop.moment },
                wallTime: wallTime,
                wake: { alarm.need(at: $0) },
                settled: { [weak self] in self?.noticeIdle() }
            ),
            metrics: metrics
        )
        let advertise = configuration.advertise
        let client = UserAgentClient(
            configuration,
            UserAgentClient.Surroundings(
                send: { [transport] in transport.send($0, to: $1, completion: $2) },
                resend: { [transport] in transport.resend($0, to: $1) },
                prepare: { [transport] in transport.prepare($0, completion: $1) },
                sentBy: { [transport] in transport.sentBy(toward: $0, advertising: advertise) },
                locate: { [locator] in locator.locate($0, completion: $1) },
                tell: { [courier] in
                    courier.deliver($0, to: $1) { outcome in
                        if case .ok = outcome { return }
                        metrics.leaveUntold()
                    }
                },
                serviceMinting: { [weak self] in self?.parts?.server.service(minting: $0) },
                now: { [loop] in loop.moment },
                wake: { alarm.need(at: $0) },
                settled: { [weak self] in self?.noticeIdle() }
            ),
            metrics: metrics
        )
        let registrations = Registrations(
            configuration.registrations,
            Registrations.Surroundings(
                dispatch: { [weak client] in
                    guard let client else { return $1(nil) }
                    client.dispatch($0, reply: $1)
                },
                owns: { [weak self] in self?.owns($0) ?? false },
                now: { [loop] in loop.moment },
                wallTime: wallTime,
                wake: { alarm.need(at: $0) },
                logger: logger
            )
        )
        return Parts(server: server, client: client, registrations: registrations, alarm: alarm)
    }

    /// Takes our addresses back from registrars while requests still leave, and before others register them.
    private func leaveRegistrars() async {
        let left = loop.flatSubmit { [self] in
            guard let parts else { return loop.makeSucceededVoidFuture() }
            let promise = loop.makePromise(of: Void.self)
            // A registrar that does not answer is not waited for.
            let patience = loop.assumeIsolated().scheduleTask(in: .seconds(2)) { promise.succeed() }
            parts.registrations.leave {
                patience.cancel()
                promise.succeed()
            }
            return promise.futureResult
        }
        try? await left.get()
    }

    /// Listens to what services offer, and returns when the first was heard, or when there seems to be none: an edge that
    /// knows of nothing refuses what it could have done.
    private func knowServices() async {
        let known = loop.flatSubmit { [self] in
            let promise = loop.makePromise(of: Void.self)
            loop.assumeIsolated().scheduleTask(in: Self.introduction) { promise.succeed() }
            courier.watchOffers { [weak self] offer in
                self?.parts?.server.heed(offer)
                promise.succeed()
            }
            return promise.futureResult
        }
        try? await known.get()
    }

    private func respond(_ responding: SIPResponding, _ reply: (Outcome?) -> Void) {
        let hasLeft = parts?.server.respond(responding) ?? false
        reply(hasLeft ? .ok(nil) : .failed(Failure(.unreachable, "the INVITE's transaction has ended")))
    }

    /// Where a peer reaches us by a transport.
    private func contact(_ target: TransportTarget) -> OwnContact? {
        transport.sentBy(toward: target, advertising: configuration.advertise).map {
            OwnContact(host: $0.host, port: $0.port, transport: target.transport)
        }
    }

    /// Whether a Via names this edge.
    private func isOurs(_ via: SIPVia) -> Bool {
        guard let branch = via.branch, OutgoingRequest.isOurs(branch: branch) else { return false }
        if let advertise = configuration.advertise { return via.host == advertise }
        let usual = TransportProtocol(rawValue: via.transport.lowercased())?.defaultPort ?? 5060
        return transport.endpoints.contains { $0.port == via.port ?? usual }
    }

    private func owns(_ shard: UInt8) -> Bool {
        ownership.map { $0.epoch(of: shard) != nil } ?? true
    }

    /// Shards have come or gone: what waits for its turn here and is another's now is left to it.
    private func leaveToOthers() {
        parts?.client.giveUpWaiting { [self] in !owns($0.shard) }
        parts?.registrations.share()
    }

    private func fire() {
        parts?.server.fire()
        parts?.client.fire()
        parts?.registrations.fire()
    }

    private func noticeIdle() {
        guard !waitingForIdle.isEmpty, load.isIdle else { return }
        release()
    }

    private func release() {
        let promises = waitingForIdle
        waitingForIdle = []
        for promise in promises { promise.succeed() }
    }
}

extension SIPEdge: SIPTransportUser {
    package func received(_ request: ReceivedRequest) {
        parts?.server.received(request)
    }

    package func received(_ response: SIPResponse, via: SIPVia) {
        parts?.client.received(response, via: via)
    }

    package func lost(_ connection: ConnectionID) {
        parts?.client.lost(connection)
    }

    package func refused(_ target: TransportTarget) {
        parts?.client.refused(target)
    }
}
