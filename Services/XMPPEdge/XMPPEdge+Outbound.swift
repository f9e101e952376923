import BusContract
import MachineKit
import MessageBus
import Metrics
import XMPPGrammar
import XMPPStreams

/// What happens to a stanza that is to go out.
extension XMPPEdge {
    /// How long an answer of our own waits for a stream.
    private static let patienceOfAnswers = Duration.seconds(30)
    /// What is left of a delivery's patience for the failure to travel back.
    private static let reserve = Duration.seconds(1)
    /// What the ids of deliveries that are handed over are derived with.
    private static let handOverLabel = "link"

    /// Does a delivery's work; replies once, and well only when the stanza is with the operating system.
    ///
    /// Nil leaves the work to the replica whose it is by now.
    func dispatch(_ delivery: Delivery, _ reply: @escaping (Outcome?) -> Void) {
        guard case .stanza(let stanza) = delivery.payload else {
            return reply(.failed(Failure(.unsupported, "an XMPP edge sends stanzas and nothing else")))
        }
        let isHandedOver = delivery.fence?.service == .xmppEdge
        guard isOurs(delivery, stanza, isHandedOver) else { return reply(nil) }
        inFlight += 1
        let end = { [self] (outcome: Outcome?) in
            reply(outcome)
            inFlight -= 1
        }
        let mark = ledgerMark(of: delivery, stanza, isHandedOver)
        switch mark.map({ ledger.begin($0) }) {
        case .new, nil: break
        case .done(let outcome): return end(outcome)
        case .inProgress: return end(nil)
        }
        let patience = max(delivery.patience - Self.reserve, delivery.patience / 2)
        let deadline = Moment(loop) + patience
        send(stanza, until: deadline) { [self] outcome in
            if let mark { ledger.end(mark, outcome, at: Moment(loop)) }
            switch outcome {
            case .ok: metrics.sent.increment()
            case .failed, .redirect, .busy: metrics.failed.increment()
            case nil:
                // Who handed it over finds out where the link is now.
                guard !isHandedOver else { return end(nil) }
                return handOver(stanza, of: delivery, until: deadline, end)
            }
            end(outcome)
        }
    }

    /// Sends an answer of our own; when it cannot be sent, that is the end of it.
    func send(_ stanza: Element) {
        let deadline = Moment(loop) + Self.patienceOfAnswers
        guard ownership != nil, let from = address("from", of: stanza), componentDomains.contains(from.domain)
        else {
            return send(stanza, until: deadline, reply: nil)
        }
        // The one that makes way still speaks, should there be no other.
        if component(from.domain) == nil,
            let link = detached.last(where: { $0.domain == from.domain && $0.isAttached })
        {
            return link.send(StanzaQueue.Entry(element: stanza, deadline: deadline))
        }
        send(stanza, until: deadline) { [self] outcome in
            guard outcome == nil else { return }
            inFlight += 1
            bus.whenRoom { [self] in
                handOver(stanza, of: nil, until: deadline) { [self] _ in inFlight -= 1 }
            }
        }
    }

    /// Sends a stanza and says how it went; nil says that the link of its sender's domain is not here.
    private func send(_ stanza: Element, until deadline: Moment, reply: ((Outcome?) -> Void)?) {
        guard let from = address("from", of: stanza), let to = address("to", of: stanza) else {
            reply?(.failed(Failure(.malformed, "the stanza's 'from' and 'to' are not both XMPP addresses")))
            return
        }
        let entry = StanzaQueue.Entry(element: stanza, deadline: deadline, reply: reply)
        if let link = component(from.domain) { return link.send(entry) }
        guard !componentDomains.contains(from.domain) else {
            reply?(nil)
            return
        }
        guard !served.local.contains(to.domain) else {
            reply?(.failed(Failure(.domainNotFound, "\(to.domain) is ours, not another server's")))
            return
        }
        stream(DomainPair(local: from.domain, remote: to.domain)).send(entry)
    }

    private func address(_ name: String, of stanza: Element) -> JID? {
        stanza[name].flatMap { try? JID($0) }
    }

    // MARK: Replicas

    /// Whether a delivery is this replica's work: what it owns the conversation of, or is handed over for its link.
    private func isOurs(_ delivery: Delivery, _ stanza: Element, _ isHandedOver: Bool) -> Bool {
        guard let ownership else { return true }
        if !isHandedOver, ownership.epoch(of: delivery.key.shard) != nil { return true }
        guard let domain = address("from", of: stanza)?.domain else { return false }
        return componentDomains.contains(domain) && mayAttach(domain)
    }

    /// Where the ledger has a delivery that is to leave by a link of ours; nil for others, and where nothing is shared.
    private func ledgerMark(of delivery: Delivery, _ stanza: Element, _ isHandedOver: Bool) -> DeliveryID? {
        guard ownership != nil, let domain = address("from", of: stanza)?.domain, component(domain) != nil
        else {
            return nil
        }
        return isHandedOver ? delivery.id : delivery.id.child(Self.handOverLabel)
    }

    /// Gives a stanza to the replica that has the link of its sender's domain; what comes of it there comes of it here.
    ///
    /// A repeat of the delivery becomes a repeat of this one. `delivery`: nil for an answer of our own.
    private func handOver(
        _ stanza: Element,
        of delivery: Delivery?,
        until deadline: Moment,
        _ end: @escaping (Outcome?) -> Void
    ) {
        guard let domain = address("from", of: stanza)?.domain, let ownership else {
            return end(.failed(Failure(.unreachable, "the component's link is closed")))
        }
        var copy = Delivery(
            id: delivery?.id.child(Self.handOverLabel) ?? DeliveryID(using: &random),
            key: delivery?.key ?? ConversationKey(domain),
            patience: deadline - Moment(loop),
            trace: delivery?.trace ?? "",
            payload: .stanza(stanza)
        )
        if let delivery {
            let shard = delivery.key.shard
            // Who has lost the conversation speaks for it no more: its new owner is asked the same.
            guard let epoch = ownership.epoch(of: shard) else { return end(nil) }
            copy.fence = Fence(service: .xmppEdge, shard: shard, epoch: epoch)
        }
        copy.shard = Self.shard(ofLinkTo: domain)
        bus.deliver(copy, to: .xmppEdge, completion: end)
    }
}
