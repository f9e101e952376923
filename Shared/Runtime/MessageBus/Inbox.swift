package import BusContract
package import MachineKit

/// The receiving half of the bus client: does each delivery once, and gives each repeat the first one's answer.
///
/// Rule 3 of ARCHITECTURE section 4. A repeat of work in progress waits for the outcome with everyone else who asked;
/// a repeat of work that is done is answered at once, for as long as any sender may still ask.
package struct Inbox: Machine {
    package enum Input: Hashable, Sendable {
        case arrived(Delivery, from: String)
        case answered(DeliveryID, Outcome)
        /// Nobody here will answer this; should it come again, it is new.
        case abandoned(DeliveryID)
    }

    package enum Output: Hashable, Sendable {
        /// Do this; its moment is at most its patience away.
        case work(Delivery)
        case reply(Reply, to: String)
    }

    /// An inbox sets no timers: what is old is forgotten as new answers come.
    package enum Timer: Hashable, Sendable {}

    /// The longest patience that a delivery may have.
    package static let longestPatience = Duration.seconds(40)
    /// The most instances that wait for one delivery's outcome.
    private static let mostAskers = 16

    private var askers: [DeliveryID: [String]] = [:]
    private var answered: AnswerMemory

    /// Remembers answers for `memory`, which must be no shorter than the longest patience of any sender.
    package init(memory: Duration = longestPatience + .seconds(5)) {
        answered = AnswerMemory(for: memory)
    }

    /// How many deliveries are being worked on.
    package var inProgress: Int { askers.count }
    /// How many answers are remembered.
    package var remembered: Int { answered.count }

    /// Whether this delivery is being worked on or was answered.
    package func knows(_ id: DeliveryID) -> Bool { askers[id] != nil || answered[id] != nil }

    package mutating func handle(_ input: Input, at now: Moment) -> Effects {
        switch input {
        case .arrived(let delivery, let sender): arrive(delivery, sender)
        case .answered(let id, let outcome): answer(id, outcome, now)
        case .abandoned(let id):
            askers.removeValue(forKey: id) == nil ? [.ignore("abandoned, and not in progress")] : []
        }
    }

    package mutating func fired(_ timer: Timer, at now: Moment) -> Effects {}

    private mutating func arrive(_ delivery: Delivery, _ sender: String) -> Effects {
        if let outcome = answered[delivery.id] {
            return [.send(.reply(Reply(id: delivery.id, outcome: outcome), to: sender))]
        }
        if let known = askers[delivery.id] {
            if !known.contains(sender), known.count < Self.mostAskers { askers[delivery.id]?.append(sender) }
            return [.ignore("in progress")]
        }
        askers[delivery.id] = [sender]
        return [.send(.work(delivery))]
    }

    private mutating func answer(_ id: DeliveryID, _ outcome: Outcome, _ now: Moment) -> Effects {
        guard let senders = askers.removeValue(forKey: id) else { return [.ignore("answered twice")] }
        // Busy and redirect say "not me, not now": the same delivery may come again and be done.
        switch outcome {
        case .ok, .failed: answered.remember(outcome, of: id, at: now)
        case .busy, .redirect: break
        }
        return senders.map { .send(.reply(Reply(id: id, outcome: outcome), to: $0)) }
    }
}
