import BusContract
import Glibc
import Logging
import MachineKit
import NIOCore
import Resolver
import TransportSecurity
import XMPPGrammar
import XMPPStreams
import XMPPTransport

/// The way from one of our domains to another server: finding it, connecting, the stream's machine, and the stanzas
/// that wait for it or are on their way.
///
/// Targets are tried one after the other until one gives a stream. A way that has ended is not used again; the edge
/// makes a new one for the next stanza.
final class OutboundStream: ConnectionOwner {
    private enum State {
        case finding
        case connecting(next: ArraySlice<Target>)
        case talking(XMPPConnection, next: ArraySlice<Target>)
        case over
    }

    private struct Question {
        var request: DialbackRequest
        var answer: (DialbackVerdict) -> Void
    }

    let pair: DomainPair
    // The circle of edge and stream is broken when the stream ends.
    private let edge: XMPPEdge
    private let timers: MachineTimers<OutgoingServerStream.Timer>
    private var state = State.finding
    private var machine: OutgoingServerStream
    private var queue: StanzaQueue
    private var questions: [Question] = []
    private var expiry: Scheduled<Void>?
    private var logger: Logger

    init(_ pair: DomainPair, edge: XMPPEdge) {
        self.pair = pair
        self.edge = edge
        timers = MachineTimers(loop: edge.loop)
        queue = StanzaQueue(mostWaiting: edge.configuration.mostWaiting)
        machine = Self.machine(pair, edge)
        logger = edge.logger
        logger[metadataKey: "domain"] = "\(pair.remote)"
        timers.start { [weak self] timer, now in
            guard let self else { return }
            obey(machine.fired(timer, at: now))
        }
        find()
    }

    /// Whether new stanzas may still go this way.
    var takesWork: Bool {
        switch state {
        case .finding, .connecting: true
        case .talking: machine.takesWork
        case .over: false
        }
    }

    /// Whether stanzas wait for the stream to be set up.
    var isWaiting: Bool { queue.isWaiting }

    var link: EdgeLink {
        EdgeLink(name: "\(pair.local) → \(pair.remote)", state: machine.isReady(pair) ? "ready" : "not ready")
    }

    /// Sends a stanza as soon as the stream allows.
    func send(_ entry: StanzaQueue.Entry) {
        if case .talking(let connection, _) = state, machine.isReady(pair) {
            queue.write(entry, to: connection)
            handle(.used)
            return
        }
        queue.wait(entry)
        handle(.authorise(pair))
        watchDeadlines()
    }

    /// Asks the domain's server whether a key is its own; answers once.
    func verify(_ request: DialbackRequest, _ answer: @escaping (DialbackVerdict) -> Void) {
        questions.append(Question(request: request, answer: answer))
        handle(.verify(request))
    }

    func close() {
        switch state {
        case .finding, .connecting: end(Failure(.unreachable, "the gateway is shutting down"))
        case .talking: handle(.close)
        case .over: break
        }
    }

    // MARK: Finding and connecting

    private func find() {
        let (finder, domain) = (edge.finder, pair.remote)
        edge.loop.makeFutureWithTask { try await finder.targets(of: domain) }
            .assumeIsolated().whenComplete { [self] result in
                switch result {
                case .success(let targets):
                    tryNext(targets[...], Failure(.unreachable, "\(domain) has no address"))
                case .failure(let error): end(failure(of: error))
                }
            }
    }

    /// Tries the next target; when there is none left, what went wrong with the last is what went wrong.
    private func tryNext(_ targets: ArraySlice<Target>, _ failure: Failure) {
        if case .over = state { return }
        guard let target = targets.first else { return end(failure) }
        let rest = targets.dropFirst()
        state = .connecting(next: rest)
        edge.connector.connect(address: target.address, port: target.port)
            .assumeIsolated().whenComplete { [self] result in
                switch result {
                case .success(let connection): begin(connection, target, rest)
                case .failure(let error): tryNext(rest, Self.failure(error, target, pair.remote))
                }
            }
    }

    private func begin(_ connection: XMPPConnection, _ target: Target, _ rest: ArraySlice<Target>) {
        guard case .connecting = state else { return connection.abort() }
        state = .talking(connection, next: rest)
        connection.owner = self
        logger[metadataKey: "peer"] = "\(connection.peer)"
        machine = Self.machine(pair, edge)
        for question in questions { handle(.verify(question.request)) }
        if queue.isWaiting { handle(.authorise(pair)) }
        if target.isDirectTLS {
            connection.startTLS(TLSSession(clientOf: pair.remote, with: edge.tls))
        } else {
            handle(.connected)
        }
    }

    // MARK: The stream

    func connection(_ connection: XMPPConnection, did event: ConnectionEvent) {
        guard case .talking(let current, _) = state, current === connection else { return }
        switch event {
        case .wrote(let mark): queue.confirm(mark)
        case .stream(.element(let element)): handle(.element(element))
        case .stream(.opened(let header)): handle(.opened(header))
        case .stream(.closed): handle(.closed)
        case .violated(let error): handle(.violated(error))
        case .secured(let certificate): handle(.secured(certificate))
        case .insecure(let reason): handle(.insecure(reason))
        case .disconnected: handle(.disconnected)
        }
    }

    private func handle(_ input: OutgoingServerStream.Input) {
        // Until there is a connection, what is wanted is in the queue, and the machine is told when it begins.
        guard case .talking = state else { return }
        obey(machine.handle(input, at: Moment(edge.loop)))
    }

    private func obey(_ effects: OutgoingServerStream.Effects) {
        for effect in effects {
            switch effect {
            case .send(let output): obey(output)
            case .set(let timer, at: let moment): timers.set(timer, at: moment)
            case .cancel(let timer): timers.cancel(timer)
            case .ignore(let what): edge.metrics.ignored(what)
            }
        }
    }

    private func obey(_ output: OutgoingServerStream.Output) {
        guard case .talking(let connection, let rest) = state else { return }
        switch output {
        case .header(let header): connection.write(header.octets)
        case .element(let element): connection.write(element)
        case .startTLS: connection.startTLS(TLSSession(clientOf: pair.remote, with: edge.tls))
        case .restart: connection.restart()
        case .ready:
            logger.info("outgoing stream is ready", metadata: ["from": "\(pair.local)"])
            queue.flush(to: connection)
        case .refused(_, let verdict):
            queue.failWaiting(verdict.failure(pair))
        case .verified(let request, let verdict):
            answer(request, verdict)
        case .space: connection.write([UInt8(ascii: " ")])
        case .footer: connection.write(StreamHeader.close)
        case .disconnect: connection.disconnect()
        case .ended(let reason): ended(reason, rest)
        }
    }

    private func ended(_ reason: StreamEnd, _ rest: ArraySlice<Target>) {
        logger.info("outgoing stream ended", metadata: ["why": "\(reason)", "from": "\(pair.local)"])
        let failure = reason.failure(pair.remote)
        queue.failUnconfirmed(failure)
        guard !machine.wasOpen, !rest.isEmpty else { return end(failure) }
        tryNext(rest, failure)
    }

    private func answer(_ request: DialbackRequest, _ verdict: DialbackVerdict) {
        guard let index = questions.firstIndex(where: { $0.request == request }) else { return }
        questions.remove(at: index).answer(verdict)
    }

    /// This way is over, and so is everything that waited for it.
    private func end(_ failure: Failure) {
        if case .over = state { return }
        state = .over
        timers.stop()
        expiry?.cancel()
        edge.forget(self)
        queue.failUnconfirmed(failure)
        queue.failWaiting(failure)
        let unanswered = questions
        questions = []
        for question in unanswered { question.answer(.error(failure.dialbackError)) }
    }

    /// Looks once a second for those who have waited too long, for as long as anybody waits.
    private func watchDeadlines() {
        guard expiry == nil else { return }
        expiry = edge.loop.assumeIsolated().scheduleTask(in: .seconds(1)) { [weak self] in
            guard let self else { return }
            expiry = nil
            queue.expire(at: Moment(edge.loop), Failure(.timeout, "no stream to \(pair.remote) in time"))
            if queue.isWaiting { watchDeadlines() }
        }
    }

    private static func machine(_ pair: DomainPair, _ edge: XMPPEdge) -> OutgoingServerStream {
        OutgoingServerStream(
            pair: pair,
            security: edge.configuration.security,
            hasCertificate: edge.tls.provesUs,
            timeouts: edge.configuration.timeouts,
            dialbackKey: edge.dialbackKey
        )
    }

    private static func failure(_ error: any Error, _ target: Target, _ domain: String) -> Failure {
        let place = "\(target.address) port \(target.port) of \(domain)"
        if let error = error as? ChannelError, case .connectTimeout = error {
            return Failure(.timeout, "\(place) does not answer")
        }
        let reason = (error as? IOError).map { $0.errnoCode == ECONNREFUSED ? "connection refused" : "\($0)" }
        return Failure(.unreachable, "\(place) takes no connection: \(reason ?? "\(error)")")
    }

    private func failure(of error: any Error) -> Failure {
        switch (error as? ResolverError)?.code {
        case .timeout: Failure(.timeout, "the DNS does not answer for \(pair.remote)")
        case .bogus: Failure(.insecure, "the DNS answers for \(pair.remote) with signatures that do not hold")
        case .notFound, .failed, nil: Failure(.domainNotFound, "the DNS does not know \(pair.remote)")
        }
    }
}
