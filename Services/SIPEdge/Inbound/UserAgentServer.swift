import BusContract
package import MachineKit
package import MessageBus
package import NIOCore
package import SIPGrammar
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

    /// What the server needs of the world.
    package struct Surroundings {
        package var courier: any Courier
        package var send: (ByteBuffer, SIPVia, MessageOrigin) -> Void
        package var isOurs: (SIPVia) -> Bool
        package var now: () -> Moment
        package var wallTime: () -> WallTime
        /// Asks for ``UserAgentServer/fire()`` at a moment.
        package var wake: (Moment) -> Void
        /// Called when a request has been answered.
        package var settled: () -> Void

        package init(
            courier: any Courier,
            send: @escaping (ByteBuffer, SIPVia, MessageOrigin) -> Void,
            isOurs: @escaping (SIPVia) -> Bool,
            now: @escaping () -> Moment,
            wallTime: @escaping () -> WallTime,
            wake: @escaping (Moment) -> Void,
            settled: @escaping () -> Void
        ) {
            self.courier = courier
            self.send = send
            self.isOurs = isOurs
            self.now = now
            self.wallTime = wallTime
            self.wake = wake
            self.settled = settled
        }
    }

    private static let mostRedirects = 2

    private let around: Surroundings
    private let timing: TransactionTiming
    private let patience: Duration
    private let metrics: EdgeMetrics
    private var admission: Admission
    private var rates: RateLimits?
    private var pending: [DeliveryID: Pending] = [:]
    private var pendingMerges: [UInt64: DeliveryID] = [:]
    private var memory: TransactionMemory
    private var invites: InviteTransactions
    private var agenda = Agenda<DeliveryID>()
    /// While set, new work is refused: the process is about to end.
    package var isDraining = false

    package init(_ configuration: SIPEdgeConfiguration, _ surroundings: Surroundings, metrics: EdgeMetrics) {
        around = surroundings
        timing = configuration.timing
        patience = configuration.patience
        self.metrics = metrics
        admission = Admission(access: configuration.access, isOurs: surroundings.isOurs)
        rates = configuration.ratePerAddress.map { RateLimits(perSecond: $0) }
        memory = TransactionMemory(
            capacity: configuration.rememberedTransactions,
            lifetime: configuration.timing.lifetime
        )
        invites = InviteTransactions(timing: configuration.timing)
    }

    /// How many requests wait for their outcome, and how many answers are remembered.
    package var load: (pending: Int, remembered: Int) { (pending.count, memory.count) }

    package func reload(_ access: AccessRules) {
        admission.access = access
    }

    package func received(_ received: ReceivedRequest) {
        switch received.request.method {
        case .ack:
            invites.acknowledge(ServerTransactionKey(received.request, received.mandatory), at: around.now())
        case .cancel: cancel(received)
        case .invite: invite(received)
        default: other(received)
        }
    }

    /// Does what is due.
    package func fire() {
        let now = around.now()
        for sending in invites.fire(at: now) { send(sending.octets, sending.draft) }
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
        case .merged: return refuse(received, identity, SIPAnswer(482))
        case .unknown: break
        }
        guard pendingMerges[identity.merge] == nil else { return refuse(received, identity, SIPAnswer(482)) }
        guard admits(received, at: now) else {
            return refuse(received, identity, .overloaded(for: .seconds(1)))
        }
        switch admission.verdict(on: received) {
        case .refuse(let answer): refuse(received, identity, answer)
        case .options:
            let headers: SIPHeaders = [.allow: Admission.allow, .accept: Admission.accept, .supported: ""]
            refuse(received, identity, SIPAnswer(200, headers: headers))
        case .deliver(let parties): deliver(received, identity, parties, now)
        }
    }

    private func admits(_ received: ReceivedRequest, at now: Moment) -> Bool {
        rates?.admits(received.origin.address, at: now) ?? true
    }

    /// Answers without remembering it.
    private func refuse(_ received: ReceivedRequest, _ identity: RequestIdentity, _ answer: SIPAnswer) {
        let draft = ResponseDraft(to: received, toTag: identity.toTag)
        metrics.answer(answer.status)
        send(draft.octets(answer), draft)
    }

    private func deliver(
        _ received: ReceivedRequest,
        _ identity: RequestIdentity,
        _ parties: MessageParties,
        _ now: Moment
    ) {
        guard !isDraining, around.courier.hasRoom else {
            return refuse(received, identity, .overloaded(for: .seconds(1)))
        }
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
        let arrival = SIPArrival(
            request: received.request,
            identity: parties.sender.uri,
            displayName: parties.sender.displayName,
            at: around.wallTime(),
            source: received.origin.description
        )
        let delivery = Delivery(
            id: identity.id,
            key: parties.conversation,
            patience: patience,
            payload: .sipArrival(arrival)
        )
        metrics.deliver()
        deliver(delivery, to: .instantMessaging, redirects: 0)
    }

    private func deliver(_ delivery: Delivery, to service: ServiceName, redirects: Int) {
        around.courier.deliver(delivery, to: service) { [weak self] outcome in
            guard let self else { return }
            if case .redirect(let other) = outcome, redirects < Self.mostRedirects {
                return deliver(delivery, to: other, redirects: redirects + 1)
            }
            complete(delivery.id, SIPAnswer(outcome) ?? SIPAnswer(500))
        }
    }

    private func complete(_ id: DeliveryID, _ answer: SIPAnswer) {
        guard var known = pending.removeValue(forKey: id) else { return }
        defer { around.settled() }
        pendingMerges[known.identity.merge] = nil
        let now = around.now()
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
                pendingMerges[known.identity.merge] = nil
            case .pass, .response: break
            }
        }
    }

    private func invite(_ received: ReceivedRequest) {
        let key = ServerTransactionKey(received.request, received.mandatory)
        let now = around.now()
        var sendings = invites.repeat(key, at: now)
        if sendings == nil {
            let identity = RequestIdentity(received)
            guard admits(received, at: now) else {
                return refuse(received, identity, .overloaded(for: .seconds(1)))
            }
            guard case .refuse(let answer) = admission.verdict(on: received) else { return }
            // A refusal is not repeated to those whose address may be borrowed: one datagram must not cause eleven.
            guard admission.access.trusts(received.origin.address) else {
                return refuse(received, identity, answer)
            }
            metrics.answer(answer.status)
            sendings = invites.refuse(
                key,
                answer,
                ResponseDraft(to: received, toTag: identity.toTag),
                at: now
            )
        }
        for sending in sendings ?? [] { send(sending.octets, sending.draft) }
        wakeLater()
    }

    /// A CANCEL is answered 200 when it means a transaction that there is, and has no effect: an INVITE has its final
    /// answer already, and other methods cannot be cancelled (RFC 3261 section 9.2).
    private func cancel(_ received: ReceivedRequest) {
        let identity = RequestIdentity(received)
        let message = RequestIdentity(cancelledBy: received, method: .message)
        let invite = ServerTransactionKey(cancelledBy: received.request, received.mandatory)
        let isKnown =
            invites.contains(invite) || pending[message.id] != nil
            || memory.find(message.id, merge: message.merge) != .unknown
        guard admits(received, at: around.now()) else {
            return refuse(received, identity, .overloaded(for: .seconds(1)))
        }
        refuse(received, identity, SIPAnswer(isKnown ? 200 : 481))
    }

    private func send(_ octets: [UInt8], _ draft: ResponseDraft) {
        around.send(ByteBuffer(bytes: octets), draft.via, draft.origin)
    }

    private func wakeLater() {
        if let moment = agenda.nextMoment { around.wake(moment) }
        if let moment = invites.nextMoment { around.wake(moment) }
        if memory.count > 0 { around.wake(around.now() + timing.lifetime / 4) }
    }
}
