package import BusContract
import MessageBus
import SIPGrammar
import SIPTransactions
import SIPTransport

/// What is particular about INVITE: it is answered more than once, acknowledged, and can be cancelled.
extension UserAgentServer {
    func invite(_ received: ReceivedRequest) {
        let key = ServerTransactionKey(received.request, received.mandatory)
        let now = around.now()
        if let sendings = invites.repeat(key, at: now) {
            metrics.repeat()
            for sending in sendings { send(sending.octets, sending.draft) }
            return wakeLater()
        }
        let identity = RequestIdentity(received)
        guard pendingMerges[identity.merge] == nil else {
            return refuse(received, identity, Refusal(SIPAnswer(482), .merged))
        }
        switch destination(of: received, identity) {
        case .options: break
        case .refuse(let refusal): refuse(received, identity, key, refusal)
        case .deliver(let destination):
            guard !isDraining, around.courier.hasRoom, invites.hasRoom else {
                return refuse(received, identity, .overloaded(.overload))
            }
            deliver(received, identity, key, destination)
        }
    }

    private func refuse(
        _ received: ReceivedRequest,
        _ identity: RequestIdentity,
        _ key: ServerTransactionKey,
        _ refusal: Refusal
    ) {
        // A refusal is not repeated to those whose address may be borrowed: one datagram must not cause eleven.
        guard admission.access.trusts(received.origin.address) else {
            return refuse(received, identity, refusal)
        }
        metrics.refuse(refusal.reason)
        metrics.answer(refusal.answer.status)
        let draft = ResponseDraft(to: received, toTag: identity.toTag)
        for sending in invites.refuse(key, refusal.answer, draft, at: around.now()) {
            send(sending.octets, sending.draft)
        }
        wakeLater()
    }

    private func deliver(
        _ received: ReceivedRequest,
        _ identity: RequestIdentity,
        _ key: ServerTransactionKey,
        _ destination: Destination
    ) {
        let work = InviteTransactions.Work(
            id: identity.id,
            merge: identity.merge,
            key: destination.key,
            service: destination.service
        )
        invites.deliver(key, ResponseDraft(to: received, toTag: identity.toTag), work, at: around.now())
        pendingMerges[identity.merge] = identity.id
        metrics.deliver()
        wakeLater()
        let origin = received.origin
        let delivery = delivery(of: received, identity, destination)
        deliver(delivery, to: destination.service, redirects: 0) { [self] outcome in
            // Whoever takes it responds later.
            if case .ok(nil) = outcome { return }
            _ = respond(to: identity.id, answer(outcome, to: origin))
        }
    }

    /// A response that a service gives to an INVITE; false if nobody can send it any more.
    package func respond(_ responding: SIPResponding) -> Bool {
        guard let origin = invites.origin(of: responding.invite) else {
            return around.sendAstray(responding.response)
        }
        var answer = SIPAnswer(responding.response)
        if answer.headers.contains(.contact) { around.contact(origin)?.fill(&answer.headers) }
        return respond(to: responding.invite, answer)
    }

    private func respond(to invite: DeliveryID, _ answer: SIPAnswer) -> Bool {
        guard let due = invites.respond(to: invite, answer, at: around.now()) else { return false }
        if answer.status >= 200, !due.sendings.isEmpty { metrics.answer(answer.status) }
        carryOut(due)
        wakeLater()
        around.settled()
        return true
    }

    func carryOut(_ due: InviteTransactions.Due) {
        for sending in due.sendings { send(sending.octets, sending.draft) }
        for work in due.ended where pendingMerges[work.merge] == work.id { pendingMerges[work.merge] = nil }
    }

    /// An ACK ends the transaction of a refused INVITE; that of a 2xx is a request of the dialog, which has no response.
    func acknowledge(_ received: ReceivedRequest) {
        let key = ServerTransactionKey(received.request, received.mandatory)
        if invites.contains(key) {
            for work in invites.acknowledge(key, at: around.now()) where pendingMerges[work.merge] == work.id
            {
                pendingMerges[work.merge] = nil
            }
        }
        let identity = RequestIdentity(received)
        guard around.courier.hasRoom, case .deliver(let destination) = destination(of: received, identity)
        else { return }
        metrics.deliver()
        let delivery = delivery(of: received, identity, destination)
        deliver(delivery, to: destination.service, redirects: 0) { _ in }
    }

    /// A CANCEL is answered 200 when it means a transaction that there is (RFC 3261 section 9.2).
    ///
    /// An INVITE that has no final response yet is told to be cancelled; whoever has it responds with 487.
    func cancel(_ received: ReceivedRequest) {
        let identity = RequestIdentity(received)
        let message = RequestIdentity(cancelledBy: received, method: .message)
        let invite = ServerTransactionKey(cancelledBy: received.request, received.mandatory)
        let isKnown = invites.contains(invite) || knows(message)
        if isKnown {
            answer(received, identity, SIPAnswer(200))
        } else {
            refuse(received, identity, Refusal(SIPAnswer(481), .unknownDialog))
        }
        guard let work = invites.pendingWork(invite) else { return }
        let destination = Destination(inside: received, work.service, work.key)
        let delivery = delivery(of: received, identity, destination)
        deliver(delivery, to: work.service, redirects: 0) { [self] outcome in
            // Whoever has it cannot be told: the caller is not left waiting for it.
            if case .ok = outcome { return }
            _ = respond(to: work.id, SIPAnswer(487))
        }
    }
}
