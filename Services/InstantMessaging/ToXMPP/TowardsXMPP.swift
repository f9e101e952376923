import Addressing
import BusContract
import MachineKit
import SIPGrammar
import TranslatorKit
import XMPPGrammar

/// The half of a conversation that carries a SIP user's messages to XMPP (RFC 7572 section 5; MAPPING 4.10).
///
/// ```
///             stanza sent              left, recipient known: 202
///   MESSAGE ─────────────▶ leaving ──────────────────────────────────▶ answered
///      │                   │     │ left, recipient not known                ▲
///      │ refused: 4xx      │     └──────────▶ exposed ──────────────────────┤
///      ▼                   │ not left: mapped  │  bounce: mapped; window: 202
///   answered ◀─────────────┘                   └────────────────────────────┘
/// ```
///
/// Messages do not wait for each other here: each stanza is handed on at once, and the bus keeps their order.
///
/// What cannot be, and what becomes of it: a bounce of a message that was answered, a window that closes over one, and
/// an outcome of one that bounced first are late and ignored by name.
struct TowardsXMPP: Hashable, Sendable {
    typealias Effects = PageConversation.Effects

    /// How many messages of one conversation may wait for their answers.
    private static let mostInFlight = 1_024
    /// The longest that a stanza may take to leave.
    private static let longestPatience = Duration.seconds(15)
    /// What is kept of the asker's patience to answer in.
    private static let reserve = Duration.milliseconds(500)

    /// By the ids of the deliveries that carry the stanzas.
    private var inFlight: [DeliveryID: StanzaInFlight] = [:]

    var isIdle: Bool { inFlight.isEmpty }

    /// A MESSAGE has arrived.
    mutating func receive(
        _ arrival: SIPArrival,
        of delivery: Delivery,
        _ rules: PageRules,
        _ memory: inout ConversationMemory,
        at now: Moment
    ) -> Effects {
        let errand = delivery.id.child("stanza")
        guard inFlight[errand] == nil else { return [.ignore("a delivery that is being worked on")] }
        do throws(SIPRefusal) {
            guard inFlight.count < Self.mostInFlight else { throw Self.full }
            switch try SIPPageReader(rules: rules).read(arrival) {
            case .nothing: return Self.answer(delivery.id, SIPAnswer(200))
            case .expired: return Self.answer(delivery.id, SIPAnswer(202))
            case .page(let page): return try send(page, errand, for: delivery, rules, &memory, now)
            }
        } catch {
            return Self.answer(delivery.id, error.answer)
        }
    }

    /// The edge says what became of a stanza; nil if it is none of this half's.
    mutating func conclude(
        _ errand: DeliveryID,
        _ outcome: Outcome,
        _ rules: PageRules,
        _ memory: inout ConversationMemory,
        at now: Moment
    ) -> Effects? {
        guard let stanza = inFlight[errand] else { return nil }
        switch outcome {
        case .ok(.stanza(let reply)?) where reply["type"] == "error":
            return bounced(
                errand,
                stanza,
                StanzaError(reply) ?? StanzaError(.undefinedCondition),
                rules,
                &memory
            )
        case .ok:
            return left(errand, stanza, rules, &memory, now)
        case .failed(let failure):
            if case .stanza(let reply)? = failure.answer, let error = StanzaError(reply) {
                return bounced(errand, stanza, error, rules, &memory)
            }
            inFlight[errand] = nil
            return Self.answer(stanza.arrival, ErrorMap.answer(for: failure, to: .message))
        case .redirect:
            inFlight[errand] = nil
            return Self.answer(stanza.arrival, SIPAnswer(500))
        case .busy(retryAfter: let pause):
            // Nothing has happened: whoever asked may ask again.
            inFlight[errand] = nil
            return [.send(.reply(to: stanza.arrival, .busy(retryAfter: pause)))]
        }
    }

    /// An error stanza has come back.
    ///
    /// Whoever calls answers its delivery, but never with a stanza.
    mutating func bounce(
        _ id: String,
        from recipient: JID,
        _ error: StanzaError,
        _ rules: PageRules,
        _ memory: inout ConversationMemory
    ) -> Effects {
        let found = inFlight.first {
            $0.value.stanzaID == id && $0.value.page.recipient.bare == recipient.bare
        }
        guard let (errand, stanza) = found else {
            memory.missed(recipient)
            return [.ignore("a late or unknown bounce")]
        }
        return bounced(errand, stanza, error, rules, &memory)
    }

    /// The window of a MESSAGE's stanza has closed without a bounce.
    mutating func windowClosed(
        _ errand: DeliveryID,
        _ memory: inout ConversationMemory,
        at now: Moment
    ) -> Effects {
        guard let stanza = inFlight[errand], stanza.progress == .exposed else {
            return [.ignore("a window over nothing")]
        }
        return accepted(errand, stanza, &memory, now)
    }

    private mutating func send(
        _ page: SIPPage,
        _ errand: DeliveryID,
        for delivery: Delivery,
        _ rules: PageRules,
        _ memory: inout ConversationMemory,
        _ now: Moment
    ) throws(SIPRefusal) -> Effects {
        let isLoop = memory.emitted(
            Fingerprint.both(
                towards: .sip,
                from: page.sender,
                identifier: page.identifier,
                text: page.content.text
            ),
            at: now
        )
        guard !isLoop else { throw SIPRefusal(482) }
        let id = rules.mint.identifier(delivery.id)
        let stanza = try compose(page, id, rules, &memory, now)
        learn(page, id, &memory, now)
        inFlight[errand] = StanzaInFlight(
            arrival: delivery.id,
            stanzaID: id,
            page: page,
            deadline: now + delivery.patience
        )
        let onward = Delivery(
            id: errand,
            key: rules.key,
            patience: min(Self.longestPatience, Self.within(delivery.patience)),
            trace: delivery.trace,
            payload: .stanza(stanza)
        )
        return [.send(.deliver(onward, to: .xmppEdge))]
    }

    private func compose(
        _ page: SIPPage,
        _ id: String,
        _ rules: PageRules,
        _ memory: inout ConversationMemory,
        _ now: Moment
    ) throws(SIPRefusal) -> Element {
        var reply = StanzaWriter.Reply.nothing
        for callID in page.referenced {
            guard let id = memory.stanzaID(of: callID, at: now),
                let message = memory.reference(of: id, at: now)
            else { continue }
            reply = .message(id: id, author: message.author)
        }
        let writer = StanzaWriter(
            page: page,
            id: id,
            thread: memory.threads.thread(of: page.callID, from: page.sender, at: now),
            type: rules.configuration.pagerAs[domain: page.recipient.domain],
            nick: memory.introduction(of: page.sender, as: page.name, at: now),
            repliesTo: reply,
            gatewayDomain: rules.configuration.gatewayDomain
        )
        guard writer.fits(in: rules.configuration.maxStanza) else { throw SIPRefusal(413) }
        return writer.stanza
    }

    /// What a message that is sent says about its sender.
    private func learn(_ page: SIPPage, _ id: String, _ memory: inout ConversationMemory, _ now: Moment) {
        if page.content.markup != .none { memory.abilities.sentMarkup(at: now) }
        if let spelling = page.spelling { memory.spellings.remember(spelling, as: page.sender) }
        if let name = page.name { memory.introduced(page.sender, as: name, at: now) }
        memory.emits(
            Fingerprint.both(towards: .xmpp, from: page.sender, identifier: id, text: page.content.text),
            at: now
        )
    }

    private mutating func left(
        _ errand: DeliveryID,
        _ stanza: StanzaInFlight,
        _ rules: PageRules,
        _ memory: inout ConversationMemory,
        _ now: Moment
    ) -> Effects {
        guard stanza.progress == .leaving else { return [.ignore("a second outcome")] }
        let window = min(rules.configuration.bounceWindow, Self.within(stanza.deadline - now))
        guard !memory.knows(stanza.page.recipient, at: now), window > .zero else {
            return accepted(errand, stanza, &memory, now)
        }
        inFlight[errand]?.progress = .exposed
        return [.set(.bounceWindow(errand), at: now + window)]
    }

    private mutating func accepted(
        _ errand: DeliveryID,
        _ stanza: StanzaInFlight,
        _ memory: inout ConversationMemory,
        _ now: Moment
    ) -> Effects {
        inFlight[errand] = nil
        memory.found(stanza.page.recipient, at: now)
        let reference = MessageReference(callID: stanza.page.callID, author: stanza.page.sender)
        memory.passed(stanza.stanzaID, reference, at: now)
        return Self.answer(stanza.arrival, SIPAnswer(202))
    }

    private mutating func bounced(
        _ errand: DeliveryID,
        _ stanza: StanzaInFlight,
        _ error: StanzaError,
        _ rules: PageRules,
        _ memory: inout ConversationMemory
    ) -> Effects {
        inFlight[errand] = nil
        memory.missed(stanza.page.recipient)
        let circumstances = ErrorMap.Circumstances(cause: .requestURI, mapper: rules.addresses)
        let answer = Self.answer(stanza.arrival, ErrorMap.answer(for: error, to: .message, in: circumstances))
        switch stanza.progress {
        case .leaving: return answer
        case .exposed: return [.cancel(.bounceWindow(errand))] + answer
        }
    }

    /// Less than what is left, so that the answer comes in time.
    private static func within(_ left: Duration) -> Duration {
        left > reserve * 2 ? left - reserve : max(left / 2, .zero)
    }

    private static func answer(_ arrival: DeliveryID, _ answer: SIPAnswer) -> Effects {
        [.send(.reply(to: arrival, .ok(.sipAnswer(answer))))]
    }

    private static let full = SIPRefusal(ErrorMap.answer(for: StanzaError(.resourceConstraint), to: .message))
}
