package import BusContract
import MachineKit
import MessageBus
import NIOCore
import SIPGrammar
import SIPTransactions
package import SIPTransport

/// The receiving half of the edge: a UAS (RFC 3261 section 8.2) that has others decide about what it takes in.
///
/// A request is one of these: a repeat, which is answered as before; refused at the border, without anything being
/// remembered (section 8.2.7), for the same request will be refused again; or a MESSAGE to deliver, which gets a server
/// transaction, and when its outcome has come a place in ``TransactionMemory``.
package final class UserAgentServer {
    private struct Pending {
        var timed: TimedMachine<NonInviteServer>
        let draft: ResponseDraft
        let identity: RequestIdentity
    }

    private static let mostRedirects = 2
    /// How long whoever asks a service that is down is told to wait.
    private static let retryAfter = Duration.seconds(5)

    let around: Surroundings
    let patience: Duration
    let metrics: EdgeMetrics
    var admission: Admission
    var directory: ServiceDirectory
    var invites: InviteTransactions
    var pendingMerges: [UInt64: DeliveryID] = [:]
    private let timing: TransactionTiming
    private var rates: RateLimits
    private var shares = FairShares()
    private var pending: [DeliveryID: Pending] = [:]
    private var memory: TransactionMemory
    private var agenda = Agenda<DeliveryID>()
    /// While set, new work is refused: the process is about to end.
    package var isDraining = false

    package init(_ configuration: SIPEdgeConfiguration, _ surroundings: Surroundings, metrics: EdgeMetrics) {
        around = surroundings
        timing = configuration.timing
        patience = configuration.patience
        self.metrics = metrics
        directory = ServiceDirectory(at: surroundings.now())
        admission = Admission(
            access: configuration.access,
            nonceKey: configuration.nonceKey,
            isOurs: surroundings.isOurs
        )
        rates = RateLimits(perAddress: configuration.ratePerAddress, perUser: configuration.ratePerUser)
        memory = TransactionMemory(
            capacity: configuration.rememberedTransactions,
            lifetime: configuration.timing.lifetime
        )
        invites = InviteTransactions(timing: configuration.timing)
    }

    /// How many requests wait for their outcome, and how many answers are remembered.
    package var load: (pending: Int, remembered: Int) { (pending.count + invites.pending, memory.count) }

    /// A service has told what it can do.
    package func heed(_ offer: ServiceOffer) {
        let edition = directory.edition
        directory.heed(offer, at: around.now())
        if directory.edition != edition { admission.routes = ServiceRoutes(directory.offers) }
    }

    /// The service whose identifiers begin with a letter.
    package func service(minting letter: Character) -> ServiceName? { directory.service(minting: letter) }

    package func reload(_ access: AccessRules) {
        admission.access = access
    }

    package func received(_ received: ReceivedRequest) {
        guard admits(received) else { return }
        switch received.request.method {
        case .ack: acknowledge(received)
        case .cancel: cancel(received)
        case .invite: invite(received)
        default: other(received)
        }
    }

    /// Does what is due.
    package func fire() {
        let now = around.now()
        carryOut(invites.fire(at: now))
        while let id = agenda.popDue(at: now) {
            guard let outputs = pending[id]?.timed.fire(at: now) else { continue }
            obey(outputs, id)
            guard let next = pending[id]?.timed.next else { continue }
            agenda.set(id, at: next)
        }
        memory.forgetExpired(at: now)
        wakeLater()
    }

    private func other(_ received: ReceivedRequest) {
        let identity = RequestIdentity(received)
        let now = around.now()
        if var known = pending[identity.id] {
            metrics.repeat()
            let outputs = known.timed.handle(.request, at: now)
            pending[identity.id] = known
            return obey(outputs, identity.id)
        }
        switch memory.find(identity.id, merge: identity.merge) {
        case .completed(let status, let answer):
            metrics.repeat()
            let draft = ResponseDraft(to: received, toTag: identity.toTag)
            return send(answer ?? draft.octets(SIPAnswer(status)), draft)
        case .merged: return refuse(received, identity, Refusal(SIPAnswer(482), .merged))
        case .unknown: break
        }
        guard pendingMerges[identity.merge] == nil else {
            return refuse(received, identity, Refusal(SIPAnswer(482), .merged))
        }
        switch destination(of: received, identity) {
        case .refuse(let refusal): refuse(received, identity, refusal)
        case .options: answer(received, identity, SIPAnswer(200, headers: admission.routes.headers))
        case .deliver(let destination): deliver(received, identity, destination, now)
        }
    }

    /// Whether a request may cost anything: whom we trust, always; all others as often as their address may ask.
    ///
    /// Who asks too often is told so now and then.
    private func admits(_ received: ReceivedRequest) -> Bool {
        let address = received.origin.address
        guard !admission.access.trusts(address) else { return true }
        switch rates.decide(address, at: around.now()) {
        case .admit: return true
        case .drop: metrics.drop()
        case .refuse where received.request.method == .ack: metrics.drop()
        case .refuse:
            // What is known is answered as before, instead.
            let identity = RequestIdentity(received)
            guard !isRepeat(received, identity) else { return true }
            refuse(received, identity, .overloaded(.rate))
        }
        return false
    }

    private func isRepeat(_ received: ReceivedRequest, _ identity: RequestIdentity) -> Bool {
        received.request.method == .invite
            ? invites.contains(ServerTransactionKey(received.request, received.mandatory)) : knows(identity)
    }

    /// Answers without remembering it, and counts why.
    func refuse(_ received: ReceivedRequest, _ identity: RequestIdentity, _ refusal: Refusal) {
        metrics.refuse(refusal.reason)
        answer(received, identity, refusal.answer)
    }

    /// Answers without remembering it.
    func answer(_ received: ReceivedRequest, _ identity: RequestIdentity, _ answer: SIPAnswer) {
        let draft = ResponseDraft(to: received, toTag: identity.toTag)
        metrics.answer(answer.status)
        send(draft.octets(answer), draft)
    }

    /// What is done with a request: it goes on within its dialog, or begins something that is admitted.
    func destination(of received: ReceivedRequest, _ identity: RequestIdentity) -> Destination.Verdict {
        if let tag = received.mandatory.to.tag, let (mint, key) = Mint.read(tag),
            let service = directory.service(minting: mint.letter, taking: received.request.method)
        {
            if let refusal = admission.refusalInside(received) { return .refuse(refusal) }
            return reachable(Destination(inside: received, service, key))
        }
        switch admission.verdict(on: received, transaction: identity.id.low, at: around.wallTime()) {
        case .refuse(let refusal): return .refuse(refusal)
        case .options: return .options
        case .deliver(let parties):
            guard rates.decide(parties.sender.uri, at: around.now()) == .admit else {
                return .refuse(.overloaded(.rate))
            }
            switch admission.routes.match(received.request) {
            case .refuse(let answer): return .refuse(Refusal(answer, .unsupported))
            case .route(let route): return reachable(Destination(route, parties, received))
            }
        }
    }

    /// Nobody waits for a service that is down, or does not run here.
    private func reachable(_ destination: Destination) -> Destination.Verdict {
        switch directory.presence(of: destination.service, at: around.now()) {
        case .running: .deliver(destination)
        case .down: .refuse(.overloaded(.down, for: Self.retryAfter))
        case .absent: .refuse(Refusal(SIPAnswer(405, headers: [.allow: admission.routes.allow]), .down))
        }
    }

    private func deliver(
        _ received: ReceivedRequest,
        _ identity: RequestIdentity,
        _ destination: Destination,
        _ now: Moment
    ) {
        guard !isDraining, around.courier.hasRoom else {
            return refuse(received, identity, .overloaded(.overload))
        }
        guard shares.admits(received.origin.address) else {
            return refuse(received, identity, .overloaded(.rate))
        }
        shares.begin(received.origin.address)
        let draft = ResponseDraft(to: received, toTag: identity.toTag)
        let isReliable = received.origin.transport.isReliable
        var timed = TimedMachine(NonInviteServer(isReliable: isReliable, timing: timing))
        _ = timed.handle(.request, at: now)
        if let next = timed.next {
            agenda.add(identity.id, at: next)
            around.wake(next)
        }
        pending[identity.id] = Pending(timed: timed, draft: draft, identity: identity)
        pendingMerges[identity.merge] = identity.id
        metrics.deliver()
        deliver(delivery(of: received, identity, destination), to: destination.service, redirects: 0) {
            self.complete(identity.id, $0)
        }
    }

    /// What is put on the bus for a request.
    func delivery(
        of received: ReceivedRequest,
        _ identity: RequestIdentity,
        _ destination: Destination
    ) -> Delivery {
        let arrival = SIPArrival(
            request: received.request.told(isTrusted: admission.access.trusts(received.origin.address)),
            identity: destination.sender,
            displayName: destination.displayName,
            at: around.wallTime(),
            source: received.origin.description,
            edge: received.request.method == .invite
                ? .edge(.sipEdge, instance: around.courier.instance) : nil
        )
        return Delivery(
            id: identity.id,
            key: destination.key,
            patience: patience,
            payload: .sipArrival(arrival)
        )
    }

    func deliver(
        _ delivery: Delivery,
        to service: ServiceName,
        redirects: Int,
        completion: @escaping (Outcome) -> Void
    ) {
        around.courier.deliver(delivery, to: service) { [weak self] outcome in
            guard let self else { return }
            if case .redirect(let other) = outcome, redirects < Self.mostRedirects {
                return deliver(delivery, to: other, redirects: redirects + 1, completion: completion)
            }
            completion(outcome)
        }
    }

    /// What is answered when a delivery has ended so.
    func answer(_ outcome: Outcome, to origin: MessageOrigin) -> SIPAnswer {
        var answer = SIPAnswer(outcome, allow: admission.routes.allow) ?? SIPAnswer(500)
        if answer.headers.contains(.contact) { around.contact(origin)?.fill(&answer.headers) }
        return answer
    }

    private func complete(_ id: DeliveryID, _ outcome: Outcome) {
        guard var known = pending.removeValue(forKey: id) else { return }
        defer { around.settled() }
        pendingMerges[known.identity.merge] = nil
        shares.end(known.draft.origin.address)
        let now = around.now()
        let answer = answer(outcome, to: known.draft.origin)
        let outputs = known.timed.handle(.respond(answer.status), at: now)
        guard outputs.contains(.response) else { return }
        metrics.answer(answer.status)
        let octets = known.draft.octets(answer)
        memory.remember(
            id,
            merge: known.identity.merge,
            status: answer.status,
            answer: answer.isPlain ? nil : octets,
            at: now
        )
        send(octets, known.draft)
    }

    private func obey(_ outputs: [NonInviteServer.Output], _ id: DeliveryID) {
        guard let known = pending[id] else { return }
        for output in outputs {
            switch output {
            case .trying, .repeat: send(known.draft.octets(SIPAnswer(100)), known.draft)
            case .failed:
                pending[id] = nil
                shares.end(known.draft.origin.address)
                pendingMerges[known.identity.merge] = nil
            case .pass, .response: break
            }
        }
    }

    /// Whether a request of another method than INVITE is under way or was answered.
    func knows(_ identity: RequestIdentity) -> Bool {
        pending[identity.id] != nil || memory.find(identity.id, merge: identity.merge) != .unknown
    }

    func send(_ octets: [UInt8], _ draft: ResponseDraft) {
        around.send(ByteBuffer(bytes: octets), draft.via, draft.origin)
    }

    func wakeLater() {
        if let moment = agenda.nextMoment { around.wake(moment) }
        if let moment = invites.nextMoment { around.wake(moment) }
        if memory.count > 0 { around.wake(around.now() + timing.lifetime / 4) }
    }
}
