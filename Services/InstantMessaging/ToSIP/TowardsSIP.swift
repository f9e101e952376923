import Addressing
import BusContract
import MachineKit
import SIPGrammar
import TranslatorKit
import XMPPGrammar

/// The half of a conversation that carries an XMPP user's messages to SIP (RFC 7572 section 4; MAPPING 4.3).
///
/// ```
///   stanza ──▶ idle ──▶ sending ◀──┐
///                │       │ │ done  │ the next one
///   stanza ──────┼──▶ waiting ─────┤
///                        │ its sender is told
///                        └▶ overdue┘ done
/// ```
///
/// One MESSAGE is outstanding at a time (RFC 3428 section 8 demands it for one target), so what comes meanwhile waits,
/// bounded in number and time; that is also what keeps a conversation in order. It is outstanding for as long as it may
/// still arrive, however short the patience of its sender: the next one would overtake it.
///
/// What cannot be: an outcome of a request that is not the one outstanding is late or repeated, and not of this half.
struct TowardsSIP: Hashable, Sendable {
    typealias Effects = PageConversation.Effects

    private enum State: Hashable, Sendable {
        case idle
        case sending(Transmission)
        /// Its sender was told that there was no answer in time; the request may arrive all the same.
        case overdue(Transmission)
    }

    /// Two seconds more than Timer F, after which a request without an answer has failed (RFC 3261 section 17.1.2).
    private static let longestPatience = Duration.seconds(34)
    /// What is kept of the asker's patience to answer in.
    private static let reserve = Duration.milliseconds(500)
    /// What an answer takes when a datagram is lost; with less a request is not begun, for it might arrive too late.
    private static let leastTime = Duration.seconds(1)

    private var state = State.idle
    /// Empty while nothing is being sent.
    private var queue = PageQueue()
    private var sequence = SequenceClock()

    var isIdle: Bool { state == .idle }

    /// A message stanza has arrived.
    mutating func receive(
        _ page: XMPPPage,
        at arrival: WallTime,
        of delivery: Delivery,
        _ rules: PageRules,
        _ memory: inout ConversationMemory,
        at now: Moment
    ) -> Effects {
        guard !knows(delivery.id) else { return [.ignore("a delivery that is being worked on")] }
        do throws(StanzaError) {
            let draft = try draft(page, at: arrival, of: delivery, rules, &memory, now)
            let patience = max(.zero, delivery.patience - Self.reserve)
            let errand = Errand(
                delivery: delivery.id,
                trace: delivery.trace,
                deadline: now + patience,
                turn: now + min(patience, rules.configuration.queuePatience),
                draft: draft
            )
            return try accept(errand, rules, &memory, now)
        } catch {
            return Self.tell(error, of: page, to: delivery.id)
        }
    }

    /// The edge says what became of a request; nil if it is none of this half's.
    mutating func conclude(
        _ dispatch: DeliveryID,
        _ outcome: Outcome,
        _ rules: PageRules,
        _ memory: inout ConversationMemory,
        at now: Moment
    ) -> Effects? {
        switch state {
        case .sending(var transmission) where transmission.dispatch == dispatch:
            let step = transmission.conclude(outcome, rules, &memory, at: now)
            state = .sending(transmission)
            return advance(step, rules, &memory, now)
        case .overdue(var transmission) where transmission.dispatch == dispatch:
            // What its sender was told stays true as far as it can: nothing is tried in another way.
            if transmission.conclude(outcome, rules, &memory, at: now) == .finished {
                Self.note(transmission, &memory, now)
            }
            return goOn(rules, &memory, now)
        case .idle, .sending, .overdue: return nil
        }
    }

    /// Some message has been under way, or has waited, for as long as it may.
    mutating func expire(at now: Moment) -> Effects {
        var effects: Effects = []
        if case .sending(let transmission) = state, transmission.errand.deadline <= now {
            state = .overdue(transmission)
            let error = transmission.complete(Self.late("the other side did not answer in time"))
            effects += Self.tell(error, of: transmission.errand.draft.page, to: transmission.errand.delivery)
        }
        for errand in queue.removeExpired(at: now) {
            effects += Self.tell(
                Self.overcrowded(errand.draft.page),
                of: errand.draft.page,
                to: errand.delivery
            )
        }
        return effects + alarm()
    }

    private func knows(_ delivery: DeliveryID) -> Bool {
        switch state {
        case .idle: false
        case .sending(let transmission), .overdue(let transmission):
            transmission.errand.delivery == delivery || queue.contains(delivery)
        }
    }

    private func draft(
        _ page: XMPPPage,
        at arrival: WallTime,
        of delivery: Delivery,
        _ rules: PageRules,
        _ memory: inout ConversationMemory,
        _ now: Moment
    ) throws(StanzaError) -> SIPDraft {
        let isLoop = memory.emitted(
            Fingerprint.both(towards: .xmpp, from: page.sender, identifier: page.id, text: page.text),
            at: now
        )
        guard !isLoop else {
            let text = "this message came from the gateway itself"
            throw StanzaError(.notAcceptable, text: text, language: "en", by: page.recipient.domain)
        }
        // Made from the delivery's id, so that a second owner takes the same.
        func fresh() -> String { rules.mint.identifier(delivery.id.child("call")) }
        let callID =
            switch page.thread {
            case .named(let thread): memory.threads.callID(of: thread, at: now)
            case .none: memory.threads.callID(of: page.sender, orFresh: fresh(), at: now)
            }
        do throws(Unmappable) {
            return try SIPDraft(
                page,
                callID: callID,
                displayName: memory.nick(of: page.sender, given: page.nick, at: now),
                inReplyTo: page.repliesTo.flatMap { memory.reference(of: $0, at: now)?.callID },
                arrivedAt: arrival,
                addresses: rules.addresses,
                spellings: memory.spellings
            )
        } catch {
            throw ErrorMap.stanzaError(for: error, of: .target, by: page.recipient.domain)
        }
    }

    private mutating func accept(
        _ errand: Errand,
        _ rules: PageRules,
        _ memory: inout ConversationMemory,
        _ now: Moment
    ) throws(StanzaError) -> Effects {
        switch state {
        case .idle:
            state = .sending(Transmission(errand, memory, at: now))
            return alarm() + advance(.send, rules, &memory, now)
        case .sending, .overdue:
            guard queue.count < rules.configuration.queueLimit else {
                throw Self.overcrowded(errand.draft.page)
            }
            queue.append(errand)
            return alarm()
        }
    }

    /// Does what the message under way wants, and goes on to the next one once it is done.
    private mutating func advance(
        _ step: Transmission.Step,
        _ rules: PageRules,
        _ memory: inout ConversationMemory,
        _ now: Moment
    ) -> Effects {
        guard case .sending(let transmission) = state else { return [] }
        let errand = transmission.errand
        let page = errand.draft.page
        switch step {
        case .send:
            guard errand.deadline >= now + Self.leastTime else {
                let late = Self.late("there was not enough time")
                return advance(transmission.fail(late), rules, &memory, now)
            }
            return send(transmission, rules, &memory, now)
        case .finished:
            Self.note(transmission, &memory, now)
            return [.send(.reply(to: errand.delivery, .ok(nil)))] + goOn(rules, &memory, now)
        case .failed(let error):
            return Self.tell(error, of: page, to: errand.delivery) + goOn(rules, &memory, now)
        case .busy(retryAfter: let pause):
            let busy = Outcome.busy(retryAfter: pause)
            return [.send(.reply(to: errand.delivery, busy))] + goOn(rules, &memory, now)
        }
    }

    private mutating func goOn(
        _ rules: PageRules,
        _ memory: inout ConversationMemory,
        _ now: Moment
    ) -> Effects {
        guard let next = queue.popFirst() else {
            state = .idle
            return alarm()
        }
        state = .sending(Transmission(next, memory, at: now))
        return alarm() + advance(.send, rules, &memory, now)
    }

    private mutating func send(
        _ transmission: Transmission,
        _ rules: PageRules,
        _ memory: inout ConversationMemory,
        _ now: Moment
    ) -> Effects {
        let draft = transmission.errand.draft
        let number = sequence.next(at: draft.arrivedAt)
        let writer = RequestWriter(draft: draft, mint: rules.mint)
        let request = writer.request(transmission.text, transmission.shape, number)
        let identifier = "\(draft.callID) \(request.headers[.cSeq] ?? "")"
        memory.emits(
            Fingerprint.both(
                towards: .sip,
                from: draft.page.sender,
                identifier: identifier,
                text: transmission.text
            ),
            at: now
        )
        let onward = Delivery(
            id: transmission.dispatch,
            key: rules.key,
            patience: Self.longestPatience,
            trace: transmission.errand.trace,
            payload: .sipDispatch(SIPDispatch(request: request))
        )
        return [.send(.deliver(onward, to: .sipEdge))]
    }

    /// The message has been delivered: others may refer to it.
    private static func note(
        _ transmission: Transmission,
        _ memory: inout ConversationMemory,
        _ now: Moment
    ) {
        let draft = transmission.errand.draft
        memory.passed(
            draft.page.id,
            MessageReference(callID: draft.callID, author: draft.page.sender),
            at: now
        )
    }

    private static func late(_ text: String) -> StanzaError {
        StanzaError(.remoteServerTimeout, text: text, language: "en")
    }

    /// Tells the sender of a failure; of a headline's nobody is told (MAPPING 4.1).
    private static func tell(_ error: StanzaError, of page: XMPPPage, to delivery: DeliveryID) -> Effects {
        switch page.type {
        case .headline: [.send(.reply(to: delivery, .ok(nil)))]
        case .normal, .chat: [.send(.reply(to: delivery, .ok(.stanza(page.envelope.errorReply(error)))))]
        }
    }

    private static func overcrowded(_ page: XMPPPage) -> StanzaError {
        StanzaError(
            .resourceConstraint,
            type: .wait,
            text: "too many messages to this address wait",
            language: "en",
            by: page.recipient.domain
        )
    }

    private func alarm() -> Effects {
        guard let moment = nextMoment else { return [.cancel(.queue)] }
        return [.set(.queue, at: moment)]
    }

    /// When the next sender must be told that there was no time for his message.
    private var nextMoment: Moment? {
        switch state {
        case .idle: nil
        case .sending(let transmission):
            min(transmission.errand.deadline, queue.nextTurn ?? transmission.errand.deadline)
        case .overdue: queue.nextTurn
        }
    }
}
