package import BusContract
package import MachineKit
package import NIOCore
package import SIPGrammar
import SIPTransactions
package import SIPTransport

/// The sending half of the edge: a UAC (RFC 3261 section 8.1) that sends what others have written.
///
/// Each request is located (RFC 3263), waits for its turn (RFC 3428 section 8), and is then tried hop by hop: the next
/// hop is tried when one could not be reached at all or says 503, never when a request may have been taken.
package final class UserAgentClient {
    /// What the client needs of the world.
    package struct Surroundings {
        package var send: (ByteBuffer, TransportTarget, @escaping (SendOutcome) -> Void) -> Void
        package var resend: (ByteBuffer, TransportTarget) -> Void
        /// What a Via for a target says of us.
        package var sentBy: (TransportTarget) -> (host: SIPHost, port: Int)?
        package var locate: (SIPURI, @escaping Locator.Completion) -> Void
        package var now: () -> Moment
        /// Asks for ``UserAgentClient/fire()`` at a moment.
        package var wake: (Moment) -> Void
        /// Called when a request has ended.
        package var settled: () -> Void

        package init(
            send: @escaping (ByteBuffer, TransportTarget, @escaping (SendOutcome) -> Void) -> Void,
            resend: @escaping (ByteBuffer, TransportTarget) -> Void,
            sentBy: @escaping (TransportTarget) -> (host: SIPHost, port: Int)?,
            locate: @escaping (SIPURI, @escaping Locator.Completion) -> Void,
            now: @escaping () -> Moment,
            wake: @escaping (Moment) -> Void,
            settled: @escaping () -> Void
        ) {
            self.send = send
            self.resend = resend
            self.sentBy = sentBy
            self.locate = locate
            self.now = now
            self.wake = wake
            self.settled = settled
        }
    }

    private let around: Surroundings
    private let configuration: SIPEdgeConfiguration
    private let metrics: EdgeMetrics
    private var access: AccessRules
    private var queues: TargetQueues<Errand>
    private var transactions: [ClientTransactionKey: ClientTransaction] = [:]
    private var agenda = Agenda<ClientTransactionKey>()
    private var withoutTCP = RefusalMemory()
    /// How many requests wait for answers over each connection.
    private var owed: [ConnectionID: Int] = [:]
    /// Requests that are being located.
    private var located = 0

    package init(_ configuration: SIPEdgeConfiguration, _ surroundings: Surroundings, metrics: EdgeMetrics) {
        self.configuration = configuration
        around = surroundings
        self.metrics = metrics
        access = configuration.access
        queues = TargetQueues(limits: configuration.queue)
    }

    /// How many requests are outstanding, and how many wait for their turn.
    package var load: (outstanding: Int, waiting: Int) { (transactions.count + located, queues.count) }

    package func reload(_ access: AccessRules) {
        self.access = access
    }

    /// Takes work off the bus.
    ///
    /// `reply` is called once: with what came of it, or with nil, which leaves it to another edge.
    package func dispatch(_ delivery: Delivery, reply: @escaping (Outcome?) -> Void) {
        guard case .sipDispatch(let dispatch) = delivery.payload else {
            return reply(.failed(Failure(.unsupported, "a SIP edge sends SIP requests and nothing else")))
        }
        let method = dispatch.request.method
        guard method != .invite, method != .ack, method != .cancel else {
            return reply(.failed(Failure(.unsupported, "\(method) is not sent yet")))
        }
        metrics.dispatch()
        let now = around.now()
        let target = Self.queue(of: dispatch.request)
        let request = OutgoingRequest(delivery, dispatch: dispatch, reply: reply, target: target)
        let errand = Errand(request: request, deadline: now + delivery.patience)
        guard let target else { return start(errand) }
        switch queues.enter(errand, target: target, until: errand.deadline, at: now) {
        case .go(let errand): start(errand)
        case .queued: wakeLater()
        case .refused(let errand):
            errand.request.reply(.failed(Failure(.overloaded, "too many messages wait for \(target)")))
        }
    }

    /// Leaves what waits for its turn, and belongs to conversations like these, to another edge.
    package func giveUpWaiting(where isAnothers: (ConversationKey) -> Bool) {
        for errand in queues.remove(where: { isAnothers($0.request.key) }) { errand.request.reply(nil) }
        around.settled()
    }

    package func received(_ response: SIPResponse, via: SIPVia) {
        guard let key = ClientTransactionKey(response, via: via), let transaction = transactions[key] else {
            return metrics.stray()
        }
        let outputs = transaction.timed.handle(.response(response.status), at: around.now())
        obey(outputs, key, response)
    }

    /// A datagram to this address was refused.
    package func refused(_ target: TransportTarget) {
        fail { $0.target == target }
    }

    /// A connection ended: what went over it will not be answered.
    package func lost(_ connection: ConnectionID) {
        guard owed[connection] != nil else { return }
        let keys = transactions.filter { $0.value.connection == connection }.map(\.key)
        for key in keys {
            guard let transaction = end(key) else { continue }
            // It may have been taken: another hop could deliver it twice.
            let failure = Failure(.timeout, "\(transaction.target) closed the connection without an answer")
            finish(transaction.errand, .failed(failure))
        }
    }

    /// Does what is due.
    package func fire() {
        let now = around.now()
        while let key = agenda.popDue(at: now) {
            guard let transaction = transactions[key] else { continue }
            guard transaction.errand.deadline > now else {
                _ = end(key)
                finish(transaction.errand, .failed(.unanswered(by: transaction.target)))
                continue
            }
            let outputs = transaction.timed.fire(at: now)
            obey(outputs, key, nil)
            watch(key)
        }
        for errand in queues.expired(at: now) {
            let failure = Failure(
                .overloaded,
                "waited too long for its turn to \(errand.request.target ?? "its target")"
            )
            errand.request.reply(.failed(failure))
        }
        wakeLater()
    }

    /// What must wait for each other: MESSAGE requests outside a dialog to one URI.
    private static func queue(of request: SIPRequest) -> String? {
        guard request.method == .message, (try? request.headers.to())?.tag == nil else { return nil }
        return request.uri.description
    }

    private func start(_ errand: Errand) {
        guard let uri = nextURI(of: errand.request.request) else {
            let failure = Failure(
                .domainNotFound,
                "\(errand.request.request.uri.scheme): URIs need an outbound proxy"
            )
            return finish(errand, .failed(failure))
        }
        located += 1
        around.locate(uri) { [weak self] result in
            guard let self else { return }
            located -= 1
            switch result {
            case .success(let hops): attempt(errand.with(hops))
            case .failure(let failure): finish(errand, .failed(Failure(failure)))
            }
        }
    }

    /// The first Route, else the outbound proxy of our domains, else the target itself (RFC 3261 section 8.1.2).
    private func nextURI(of request: SIPRequest) -> SIPURI? {
        if let route = try? request.headers.routes().first, case .sip(let uri) = route.uri { return uri }
        guard case .sip(let uri) = request.uri else { return configuration.outboundProxy }
        guard let proxy = configuration.outboundProxy, access.domains.contains(uri.host.text) else {
            return uri
        }
        return proxy
    }

    /// Tries the next hop there is.
    private func attempt(_ errand: Errand) {
        var errand = errand
        let now = around.now()
        guard errand.deadline > now else {
            return finish(
                errand,
                .failed(errand.lastFailure ?? Failure(.timeout, "no time was left to send it"))
            )
        }
        switch errand.nextStep(
            largestDatagram: configuration.largestDatagram,
            sentBy: around.sentBy,
            isWithoutTCP: {
                withoutTCP.contains($0, at: now)
            }
        ) {
        case .send(let target, let octets): transmit(errand, target, octets)
        case .failed(let failure): finish(errand, .failed(failure))
        case .answered(let response): conclude(errand, response)
        }
    }

    private func transmit(_ errand: Errand, _ target: TransportTarget, _ octets: [UInt8]) {
        let now = around.now()
        let key = ClientTransactionKey(branch: errand.branch, method: errand.request.request.method)
        let machine = NonInviteClient(isReliable: target.transport.isReliable, timing: configuration.timing)
        let transaction = ClientTransaction(
            timed: TimedMachine(machine),
            errand: errand,
            target: target,
            octets: ByteBuffer(bytes: octets)
        )
        let outputs = transaction.timed.handle(.start, at: now)
        transactions[key] = transaction
        if let next = transaction.next {
            agenda.add(key, at: next)
            around.wake(next)
        }
        obey(outputs, key, nil)
    }

    private func obey(
        _ outputs: [NonInviteClient.Output],
        _ key: ClientTransactionKey,
        _ response: SIPResponse?
    ) {
        for output in outputs {
            switch output {
            case .request: put(key)
            case .response(let status) where status < 200: break
            case .response:
                guard let response, let transaction = end(key) else { return }
                answered(transaction.errand, response)
            case .failed(.timeout):
                guard let transaction = end(key) else { return }
                finish(transaction.errand, .failed(.unanswered(by: transaction.target)))
            case .failed(.transport):
                guard let transaction = end(key) else { return }
                moveOn(transaction)
            }
        }
    }

    /// Puts the request on the wire, for the first time or again.
    private func put(_ key: ClientTransactionKey) {
        guard let transaction = transactions[key] else { return }
        guard !transaction.hasBeenPut else { return around.resend(transaction.octets, transaction.target) }
        transaction.hasBeenPut = true
        around.send(transaction.octets, transaction.target) { [weak self] outcome in
            guard let self, let transaction = transactions[key] else { return }
            switch outcome {
            case .sent(nil): break
            case .sent(let connection?):
                transaction.connection = connection
                owed[connection, default: 0] += 1
            case .failed(let failure):
                transaction.sendFailure = failure
                let outputs = transaction.timed.handle(.transportFailed, at: around.now())
                obey(outputs, key, nil)
            }
        }
    }

    private func fail(where isMeant: (ClientTransaction) -> Bool) {
        let keys = transactions.filter { isMeant($0.value) }.map(\.key)
        for key in keys {
            guard let transaction = transactions[key] else { continue }
            let outputs = transaction.timed.handle(.transportFailed, at: around.now())
            obey(outputs, key, nil)
        }
    }

    private func end(_ key: ClientTransactionKey) -> ClientTransaction? {
        // A response that comes again after this matches nothing and is dropped: Timer K needs no memory.
        agenda.cancel(key)
        let transaction = transactions.removeValue(forKey: key)
        if let connection = transaction?.connection {
            let left = owed[connection, default: 1] - 1
            owed[connection] = left > 0 ? left : nil
        }
        return transaction
    }

    private func answered(_ errand: Errand, _ response: SIPResponse) {
        guard response.status == 503 else { return conclude(errand, response) }
        // The hop is overloaded: the next one may not be (RFC 3263 section 4.3).
        attempt(errand.refused(response))
    }

    private func conclude(_ errand: Errand, _ response: SIPResponse) {
        finish(errand, .ok(.sipResponse(errand.request.withoutEcho(response))))
    }

    private func moveOn(_ transaction: ClientTransaction) {
        let (target, failure) = (transaction.target, transaction.sendFailure ?? .refused)
        if target.transport == .tcp, failure == .refused || failure == .unreachable {
            withoutTCP.note(target.address, at: around.now())
        }
        let reason = Failure(.unreachable, "\(target): \(failure.text)")
        attempt(transaction.errand.failed(reason, hasLeft: transaction.sendFailure == nil))
    }

    /// Answers whoever asked, and lets the next one go.
    private func finish(_ errand: Errand, _ outcome: Outcome) {
        errand.request.reply(outcome)
        guard let target = errand.request.target, let next = queues.leave(target) else {
            return around.settled()
        }
        start(next)
    }

    private func watch(_ key: ClientTransactionKey) {
        guard let next = transactions[key]?.next else { return }
        agenda.set(key, at: next)
    }

    private func wakeLater() {
        if let moment = agenda.nextMoment { around.wake(moment) }
        if let moment = queues.nextMoment { around.wake(moment) }
    }
}
