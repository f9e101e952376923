import BusContract
package import MachineKit
package import TranslatorKit
import XMPPGrammar

/// Everything that two users say to each other in page mode, one on SIP and one on XMPP.
///
/// A conversation has no beginning and no end: it is what is under way in each direction, ``TowardsXMPP`` and
/// ``TowardsSIP``, and what earlier messages taught about later ones, ``ConversationMemory``. A day after the last
/// message nothing of it is left.
///
/// ```
///                      ┌───────────────────────────────┐
///   SIP    ──MESSAGE──▶│ TowardsXMPP                   │──stanza───▶ XMPP
///                      │        ConversationMemory     │
///   SIP    ◀──MESSAGE──│                   TowardsSIP  │◀──stanza─── XMPP
///                      └───────────────────────────────┘
/// ```
///
/// Its one duty: every delivery that arrives gets exactly one reply, after everything that the delivery led to has left.
///
/// Kinds of impossible: a delivery of a kind that no edge sends here is refused as unsupported; an outcome of nothing
/// that is under way, a bounce of what was answered, being resumed (nothing of it is stored), and a repeat of what is being worked on are legitimate and ignored
/// by name.
package struct PageConversation: Machine {
    package typealias Input = Stimulus
    package typealias Output = Action
    package typealias Timer = PageTimer

    private var rules: PageRules
    private var memory: ConversationMemory
    private var towardsXMPP = TowardsXMPP()
    private var towardsSIP = TowardsSIP()
    /// Whether ``PageTimer/memory`` is set.
    private var isMemoryWatched = false

    /// Goes on by other rules.
    func with(_ rules: PageRules) -> PageConversation {
        var conversation = self
        conversation.rules = rules
        return conversation
    }

    init(_ rules: PageRules) {
        self.rules = rules
        memory = ConversationMemory(rules.configuration)
    }

    /// Whether nothing is under way and nothing is remembered.
    var isOver: Bool { towardsXMPP.isIdle && towardsSIP.isIdle && memory.isEmpty }

    package mutating func handle(_ input: Stimulus, at now: Moment) -> Effects {
        let effects =
            switch input {
            case .delivery(let delivery): receive(delivery, now)
            case .outcome(of: let id, let outcome): conclude(id, outcome, now)
            case .resumed: Effects()
            }
        return watchMemory() + effects
    }

    package mutating func fired(_ timer: PageTimer, at now: Moment) -> Effects {
        switch timer {
        case .bounceWindow(let errand):
            let effects = towardsXMPP.windowClosed(errand, &memory, at: now)
            return watchMemory() + effects
        case .queue: return towardsSIP.expire(at: now)
        case .memory:
            memory.forgetExpired(at: now)
            isMemoryWatched = false
            return watchMemory()
        }
    }

    private mutating func receive(_ delivery: Delivery, _ now: Moment) -> Effects {
        switch delivery.payload {
        case .sipArrival(let arrival):
            return towardsXMPP.receive(arrival, of: delivery, rules, &memory, at: now)
        case .stanzaArrival(let arrival):
            return receive(arrival, of: delivery, now)
        case .sipDispatch, .sipResponse, .sipAnswer, .sipResponding, .sipProgress, .stanza, .opaque:
            return Self.refuse(delivery, .unsupported, "no edge sends such a thing to instant messaging")
        }
    }

    private mutating func receive(_ arrival: StanzaArrival, of delivery: Delivery, _ now: Moment) -> Effects {
        guard arrival.stanza.matches("message", Namespace.client) else {
            return Self.refuse(delivery, .unsupported, "instant messaging takes messages alone")
        }
        do throws(StanzaRefusal) {
            switch try StanzaReader(rules: rules).read(arrival.stanza) {
            case .nothing: return Self.done(delivery)
            case .bounce(let id, from: let user, let error):
                return towardsXMPP.bounce(id, from: user, error, rules, &memory) + Self.done(delivery)
            case .page(let page):
                memory.found(page.sender, at: now)
                return towardsSIP.receive(page, at: arrival.at, of: delivery, rules, &memory, at: now)
            }
        } catch {
            switch error {
            case .error(let error): return Self.done(delivery, arrival.stanza.errorReply(error))
            case .silent: return Self.done(delivery)
            case .unanswerable: return Self.refuse(delivery, .malformed, "the message has no sender")
            }
        }
    }

    private mutating func conclude(_ id: DeliveryID, _ outcome: Outcome, _ now: Moment) -> Effects {
        towardsXMPP.conclude(id, outcome, rules, &memory, at: now)
            ?? towardsSIP.conclude(id, outcome, rules, &memory, at: now)
            ?? [.ignore("an outcome of nothing that is under way")]
    }

    /// Sees to it that what is remembered is forgotten in the end.
    private mutating func watchMemory() -> Effects {
        guard !isMemoryWatched, !memory.isEmpty else { return [] }
        isMemoryWatched = true
        return [.set(.memory, at: memory.end)]
    }

    private static func done(_ delivery: Delivery, _ answer: Element? = nil) -> Effects {
        [.send(.reply(to: delivery.id, .ok(answer.map { .stanza($0) })))]
    }

    private static func refuse(_ delivery: Delivery, _ reason: Failure.Reason, _ text: String) -> Effects {
        [.send(.reply(to: delivery.id, .failed(Failure(reason, text))))]
    }
}
