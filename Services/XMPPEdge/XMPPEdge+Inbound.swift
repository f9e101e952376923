import BusContract
import MachineKit
import MessageBus
import Metrics
import NIOCore
import XMPPGrammar
import XMPPStreams
import XMPPTransport

/// What happens to a stanza that came in.
extension XMPPEdge {
    /// How long a translator and the other side may take.
    private static let patience = Duration.seconds(40)
    private static let mostRedirects = 3

    /// Takes a stanza from a source, which is told once when its work is over.
    func take(_ stanza: InboundStanza, from source: any StanzaSource) {
        metrics.received.increment()
        heedRate(of: stanza.from.domain, source)
        switch stanza.element.name {
        case "message":
            guard
                let refusal = refusal(of: stanza) ?? refusalOfStopping(source)
                    ?? refusalOfAbsence(.instantMessaging)
            else {
                return deliver(stanza, source)
            }
            bounce(refusal, stanza)
        case "iq" where stanza.element["type"] != "result" && stanza.element["type"] != "error":
            let service = service(for: stanza)
            let refusal =
                refusal(of: stanza)
                ?? service.flatMap { refusalOfStopping(source) ?? refusalOfAbsence($0) }
            if refusal == nil, let service { return deliver(stanza, source, to: service) }
            send(refusal.map(stanza.element.errorReply) ?? answers.answer(stanza))
        default:
            // Presence has no translator yet; results and errors of requests that we never make end here.
            break
        }
        source.finished(stanza.serial)
    }

    /// The translator of a request to a user, by what it asks for; nil when the edge has the answer itself.
    private func service(for stanza: InboundStanza) -> ServiceName? {
        let request = stanza.element
        guard stanza.to.local != nil, request["id"] != nil, request.elements.count == 1 else { return nil }
        return request.elements.first.flatMap { directory.service(answering: $0.namespace) }
    }

    /// What is said of a translator that is down, or does not run here: nobody waits for it.
    private func refusalOfAbsence(_ service: ServiceName) -> StanzaError? {
        switch directory.presence(of: service, at: Moment(loop)) {
        case .running: nil
        case .down: StanzaError(.serviceUnavailable, type: .wait, text: "\(service) is down", language: "en")
        case .absent: StanzaError(.featureNotImplemented)
        }
    }

    /// Why a stanza may not cross, if it may not (ARCHITECTURE section 8, "who may cross").
    private func refusal(of stanza: InboundStanza) -> StanzaError? {
        let (from, to) = (stanza.from.domain, stanza.to.domain)
        if served.local.contains(to) { return nil }
        guard served.guests.contains(from) else {
            return StanzaError(.itemNotFound, text: "\(to) is not served here", language: "en")
        }
        // A domain of XMPP needs no gateway to be written to.
        guard !served.guests.contains(to) else {
            return StanzaError(.notAllowed, text: "\(to) is an XMPP domain", language: "en")
        }
        return nil
    }

    /// What is said to who sends while the gateway ends.
    ///
    /// What peers had sent before they learn that our half is closed is taken as ever: nobody could tell them.
    private func refusalOfStopping(_ source: any StanzaSource) -> StanzaError? {
        guard isStopping, !source.isClosing else { return nil }
        return StanzaError(
            .resourceConstraint,
            type: .wait,
            text: "the gateway is ending: send it again",
            language: "en"
        )
    }

    private func deliver(
        _ stanza: InboundStanza,
        _ source: any StanzaSource,
        to service: ServiceName = .instantMessaging
    ) {
        let arrival = StanzaArrival(stanza: stanza.element, domain: stanza.from.domain, at: wallClock())
        let delivery = Delivery(
            id: DeliveryID(using: &random),
            key: ConversationKey(between: Self.party(stanza.from), and: Self.party(stanza.to)),
            patience: Self.patience,
            payload: .stanzaArrival(arrival)
        )
        inFlight += 1
        deliver(delivery, to: service, of: stanza, source, redirects: 0)
    }

    private func deliver(
        _ delivery: Delivery,
        to service: ServiceName,
        of stanza: InboundStanza,
        _ source: any StanzaSource,
        redirects: Int
    ) {
        bus.deliver(delivery, to: service) { [self] outcome in
            if case .redirect(let other) = outcome, redirects < Self.mostRedirects {
                return deliver(delivery, to: other, of: stanza, source, redirects: redirects + 1)
            }
            conclude(outcome, stanza)
            source.finished(stanza.serial)
            inFlight -= 1
        }
    }

    /// Tells the sender what came of a stanza, if there is anything to tell.
    private func conclude(_ outcome: Outcome, _ stanza: InboundStanza) {
        switch outcome {
        case .ok(.stanza(let answer)):
            send(answer)
        case .ok:
            break
        case .failed(let failure):
            metrics.failed.increment()
            let reply = FailureReply.stanza(for: failure, to: stanza.element, by: stanza.to.domain)
            if let reply { send(reply) }
        case .busy:
            metrics.failed.increment()
            bounce(StanzaError(.resourceConstraint, type: .wait), stanza)
        case .redirect:
            metrics.failed.increment()
            bounce(StanzaError(.internalServerError), stanza)
        }
    }

    private func bounce(_ error: StanzaError, _ stanza: InboundStanza) {
        guard FailureReply.mayBounce(stanza.element) else { return }
        var error = error
        error.by = stanza.to.domain
        send(stanza.element.errorReply(error))
    }

    /// Stops reading from whoever sends for a domain faster than it may; nothing is dropped.
    private func heedRate(of domain: String, _ source: any StanzaSource) {
        guard !isStopping, let rate = configuration.perPeerRate else { return }
        let now = Moment(loop)
        if rates.count > 10_000 { rates = rates.filter { !$0.value.isFull(at: now) } }
        guard let pause = rates[domain, default: TokenBucket(rate: rate, at: now)].take(at: now) else {
            return
        }
        metrics.paused.increment()
        source.pause(.tooFast)
        loop.assumeIsolated().scheduleTask(in: TimeAmount(pause)) { source.resume(.tooFast) }
    }

    private static func party(_ address: JID) -> ConversationKey.Party {
        ConversationKey.Party(user: address.local.map(JIDEscaping.unescape) ?? "", host: address.domain)
    }
}
