import BusContract
import MachineKit
import Metrics
import XMPPGrammar
import XMPPStreams

/// What happens to a stanza that is to go out.
extension XMPPEdge {
    /// How long an answer of our own waits for a stream.
    private static let patienceOfAnswers = Duration.seconds(30)
    /// What is left of a delivery's patience for the failure to travel back.
    private static let reserve = Duration.seconds(1)

    /// Does a delivery's work; replies once, and well only when the stanza is with the operating system.
    func dispatch(_ delivery: Delivery, _ reply: @escaping (Outcome) -> Void) {
        guard case .stanza(let stanza) = delivery.payload else {
            return reply(.failed(Failure(.unsupported, "an XMPP edge sends stanzas and nothing else")))
        }
        let patience = max(delivery.patience - Self.reserve, delivery.patience / 2)
        inFlight += 1
        send(stanza, patience: patience) { [self] outcome in
            switch outcome {
            case .ok: metrics.sent.increment()
            case .failed, .redirect, .busy: metrics.failed.increment()
            }
            reply(outcome)
            inFlight -= 1
        }
    }

    /// Sends an answer of our own; when it cannot be sent, that is the end of it.
    func send(_ stanza: Element) {
        send(stanza, patience: Self.patienceOfAnswers, reply: nil)
    }

    private func send(_ stanza: Element, patience: Duration, reply: ((Outcome) -> Void)?) {
        guard let from = address("from", of: stanza), let to = address("to", of: stanza) else {
            reply?(.failed(Failure(.malformed, "the stanza's 'from' and 'to' are not both XMPP addresses")))
            return
        }
        let entry = StanzaQueue.Entry(element: stanza, deadline: Moment(loop) + patience, reply: reply)
        if let component = component(from.domain) { return component.send(entry) }
        guard !served.local.contains(to.domain) else {
            reply?(.failed(Failure(.domainNotFound, "\(to.domain) is ours, not another server's")))
            return
        }
        stream(DomainPair(local: from.domain, remote: to.domain)).send(entry)
    }

    private func address(_ name: String, of stanza: Element) -> JID? {
        stanza[name].flatMap { try? JID($0) }
    }
}
