import Addressing
import BusContract
package import MachineKit
package import TranslatorKit
import XMPPGrammar

/// What one XMPP user asks about one SIP user's software.
///
/// ```
///   XMPP ──query──▶ asked ──OPTIONS──▶ SIP
///   XMPP ◀─result── known ◀─response── SIP        known is forgotten after a minute
/// ```
///
/// Its one duty: every delivery gets exactly one reply. An outcome of nothing that was asked, a query that is being
/// worked on and being resumed (nothing of it is stored) are legitimate and ignored by name.
package struct VersionConversation: Machine {
    package typealias Input = Stimulus
    package typealias Output = Action
    package enum Timer: Hashable, Sendable { case forget }

    /// What of the asker's patience is kept to answer in.
    private static let reserve = Duration.milliseconds(500)
    /// Clients ask whenever a window opens; a telephone is asked once in this time.
    private static let memory = Duration.seconds(60)

    private let key: ConversationKey
    private let addresses: AddressMapper
    /// Whom to answer, by the ids of the requests that were sent; no more than the windows of the edges let in.
    private var asked: [DeliveryID: (delivery: DeliveryID, query: VersionQuery)] = [:]
    private var known: (of: JID, software: Software)?

    init(_ key: ConversationKey, _ addresses: AddressMapper) {
        self.key = key
        self.addresses = addresses
    }

    var isOver: Bool { asked.isEmpty && known == nil }

    package mutating func handle(_ input: Stimulus, at now: Moment) -> Effects {
        switch input {
        case .delivery(let delivery): receive(delivery)
        case .outcome(of: let id, let outcome): conclude(id, outcome, now)
        case .resumed: [.ignore("nothing of this conversation is stored")]
        }
    }

    package mutating func fired(_ timer: Timer, at now: Moment) -> Effects {
        switch timer {
        case .forget:
            known = nil
            return []
        }
    }

    private mutating func receive(_ delivery: Delivery) -> Effects {
        guard case .stanzaArrival(let arrival) = delivery.payload, let query = VersionQuery(arrival.stanza)
        else {
            let failure = Failure(.unsupported, "only version queries to users are answered here")
            return [.send(.reply(to: delivery.id, .failed(failure)))]
        }
        if let known, known.of == query.to {
            return [.send(.reply(to: delivery.id, query.answered(known.software)))]
        }
        // Derived from the query's id: an owner who does the work again after a crash asks under the same id.
        let id = delivery.id.child("options")
        guard asked[id] == nil else { return [.ignore("a query that is being worked on")] }
        do throws(Unmappable) {
            let request = try query.request(id, Mint(letter: "v", shard: key.shard), addresses)
            asked[id] = (delivery.id, query)
            let onward = Delivery(
                id: id,
                key: key,
                patience: max(.zero, delivery.patience - Self.reserve),
                trace: delivery.trace,
                payload: .sipDispatch(request)
            )
            return [.send(.deliver(onward, to: .sipEdge))]
        } catch {
            let error = ErrorMap.stanzaError(for: error, of: .target, by: query.to.domain)
            return [.send(.reply(to: delivery.id, query.refused(error)))]
        }
    }

    private mutating func conclude(_ id: DeliveryID, _ outcome: Outcome, _ now: Moment) -> Effects {
        guard let (delivery, query) = asked.removeValue(forKey: id) else {
            return [.ignore("an outcome of nothing that was asked")]
        }
        let reply = Action.reply(to: delivery, query.answer(for: outcome))
        guard case .ok(.sipResponse(let response)?) = outcome, let software = Software(response) else {
            return [.send(reply)]
        }
        known = (query.to, software)
        return [.send(reply), .set(.forget, at: now + Self.memory)]
    }
}
