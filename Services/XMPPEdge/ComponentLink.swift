import BusContract
import Logging
import MachineKit
import NIOCore
import Resolver
import XMPPGrammar
import XMPPStreams
import XMPPTransport

/// Our attachment to an XMPP server as the component of one domain; made again, ever more patiently, when it is lost.
final class ComponentLink: StanzaSource, ConnectionOwner {
    /// How long a link stays for the server to replace it by another replica's.
    static let linger = Duration.seconds(1)

    private enum State {
        case waiting
        case connecting
        case talking(XMPPConnection)
        case closed
    }

    // The circle of edge and stream is broken when the stream ends.
    private let edge: XMPPEdge
    let configuration: XMPPEdgeConfiguration.Component
    let domain: String
    private let timers: MachineTimers<ComponentStream.Timer>
    private var state = State.waiting
    private var machine: ComponentStream
    private var queue: StanzaQueue
    private var backoff = Backoff()
    private var expiry: Scheduled<Void>?
    private var pauses: PauseReasons = []
    private(set) var isClosing = false
    /// It is not made again when it ends.
    private var isLeaving = false
    private var lastFailure: Failure
    private var logger: Logger

    init(_ configuration: XMPPEdgeConfiguration.Component, edge: XMPPEdge) {
        self.edge = edge
        self.configuration = configuration
        domain = XMPPEdgeConfiguration.canonical(configuration.domain)
        timers = MachineTimers(loop: edge.loop)
        queue = StanzaQueue(mostWaiting: edge.configuration.mostWaiting)
        machine = Self.machine(configuration, edge)
        logger = edge.logger
        logger[metadataKey: "component"] = "\(configuration.domain)"
        logger[metadataKey: "server"] = "\(configuration.host):\(configuration.port)"
        lastFailure = Failure(.unreachable, "\(configuration.domain) is not attached yet")
        timers.start { [weak self] timer, now in
            guard let self else { return }
            obey(machine.fired(timer, at: now))
        }
    }

    var link: EdgeLink {
        EdgeLink(
            name: "component \(configuration.domain) at \(configuration.host):\(configuration.port)",
            state: machine.isAttached ? "attached" : "not attached"
        )
    }

    /// Sends a stanza; while the link is down it waits for as long as its sender does.
    func send(_ entry: StanzaQueue.Entry) {
        if case .talking(let connection) = state, machine.isAttached {
            queue.write(entry, to: connection)
            return
        }
        queue.wait(entry)
        watchDeadlines()
    }

    func finished(_ serial: UInt64) {}

    func pause(_ reason: PauseReasons) {
        pauses.insert(reason)
        if case .talking(let connection) = state { connection.pause(reason) }
    }

    func resume(_ reason: PauseReasons) {
        pauses.remove(reason)
        if case .talking(let connection) = state { connection.resume(reason) }
    }

    /// Whether the server takes what is said.
    var isAttached: Bool {
        if case .talking = state { machine.isAttached } else { false }
    }

    /// Leaves the domain to another replica, whose link replaces this one: closed first, it would leave the domain
    /// without any, and the server would refuse what comes meanwhile.
    func makeWay() {
        guard isAttached else { return close() }
        isLeaving = true
        queue.giveUpWaiting()
        edge.loop.assumeIsolated().scheduleTask(in: TimeAmount(Self.linger)) { [weak self] in self?.close() }
    }

    /// Detaches for good; what waits for the link is left to whoever attaches next.
    func close() {
        guard !isClosing else { return }
        (isClosing, isLeaving) = (true, true)
        queue.giveUpWaiting()
        switch state {
        case .talking: handle(.close)
        case .waiting, .connecting: leave()
        case .closed: break
        }
    }

    private func leave() {
        state = .closed
        timers.stop()
        expiry?.cancel()
        queue.giveUpWaiting()
        edge.forget(self)
    }

    // MARK: Connecting

    func connect() {
        guard case .waiting = state else { return }
        // Another may be attached by now, whose link must not be taken from it.
        guard edge.mayAttach(domain) else { return retry("another replica is to attach it") }
        state = .connecting
        let (finder, host) = (edge.finder, configuration.host)
        edge.loop.makeFutureWithTask { try await finder.resolver.addresses(host).records }
            .assumeIsolated().whenComplete { [self] result in
                switch result {
                case .success(let addresses): tryNext(addresses[...], nil)
                case .failure(let error): retry("\(error)")
                }
            }
    }

    private func tryNext(_ addresses: ArraySlice<String>, _ failure: (any Error)?) {
        guard case .connecting = state else { return }
        guard let address = addresses.first else {
            return retry(failure.map { "\($0)" } ?? "the host has no address")
        }
        edge.connector.connect(address: address, port: configuration.port)
            .assumeIsolated().whenComplete { [self] result in
                switch result {
                case .success(let connection): begin(connection)
                case .failure(let error): tryNext(addresses.dropFirst(), error)
                }
            }
    }

    private func begin(_ connection: XMPPConnection) {
        guard case .connecting = state else { return connection.abort() }
        state = .talking(connection)
        connection.owner = self
        connection.pause(pauses)
        machine = Self.machine(configuration, edge)
        handle(.connected)
    }

    private func retry(_ reason: String) {
        if case .closed = state { return }
        guard !edge.isStopping, !isLeaving else { return leave() }
        state = .waiting
        lastFailure = Failure(.unreachable, "no link to the server of \(configuration.domain): \(reason)")
        let delay = backoff.next(using: &edge.random)
        logger.warning(
            "component is not attached; trying again",
            metadata: ["reason": "\(reason)", "in": "\(delay)"]
        )
        edge.loop.assumeIsolated().scheduleTask(in: TimeAmount(delay)) { [weak self] in self?.connect() }
    }

    // MARK: The stream

    func connection(_ connection: XMPPConnection, did event: ConnectionEvent) {
        guard case .talking(let current) = state, current === connection else { return }
        switch event {
        case .stream(.element(let element)):
            if InboundStanza.isStanza(element), let reason = edge.reasonToHold(self) {
                connection.putBack(reason)
            } else {
                handle(.element(element))
            }
        case .wrote(let mark): queue.confirm(mark)
        case .stream(.opened(let header)): handle(.opened(header))
        case .stream(.closed): handle(.closed)
        case .violated(let error): handle(.violated(error))
        case .disconnected: handle(.disconnected)
        case .secured, .insecure: break
        }
    }

    private func handle(_ input: ComponentStream.Input) {
        obey(machine.handle(input, at: Moment(edge.loop)))
    }

    private func obey(_ effects: ComponentStream.Effects) {
        for effect in effects {
            switch effect {
            case .send(let output): obey(output)
            case .set(let timer, at: let moment): timers.set(timer, at: moment)
            case .cancel(let timer): timers.cancel(timer)
            case .ignore(let what): edge.metrics.ignored(what)
            }
        }
    }

    private func obey(_ output: ComponentStream.Output) {
        guard case .talking(let connection) = state else { return }
        switch output {
        case .stanza(let stanza): edge.take(stanza, from: self)
        case .header(let header): connection.write(header.octets)
        case .element(let element): connection.write(element)
        case .attached:
            backoff.reset()
            logger.info("component is attached")
            queue.flush(to: connection)
        case .space: connection.write([UInt8(ascii: " ")])
        case .footer: connection.write(StreamHeader.close)
        case .disconnect: connection.disconnect()
        case .ended(let end):
            queue.failUnconfirmed(end.failure(configuration.domain))
            retry("\(end)")
        }
    }

    /// Looks once a second for those who have waited too long, for as long as anybody waits.
    private func watchDeadlines() {
        guard expiry == nil else { return }
        expiry = edge.loop.assumeIsolated().scheduleTask(in: .seconds(1)) { [weak self] in
            guard let self else { return }
            expiry = nil
            queue.expire(at: Moment(edge.loop), lastFailure)
            if queue.isWaiting { watchDeadlines() }
        }
    }

    private static func machine(
        _ configuration: XMPPEdgeConfiguration.Component,
        _ edge: XMPPEdge
    ) -> ComponentStream {
        let secret = configuration.secret
        return ComponentStream(domain: configuration.domain, timeouts: edge.configuration.timeouts) { id in
            Proofs.handshake(streamID: id, secret: secret)
        }
    }
}
