import BusContract
import SIPGrammar
import TestKit
import TranslatorKit
import XMPPGrammar

extension Action {
    /// The answer that a MESSAGE gets.
    static func answer(_ id: DeliveryID, _ status: Int) -> Action {
        .reply(to: id, .ok(.sipAnswer(SIPAnswer(status))))
    }

    /// The sign that nobody needs to be told anything.
    static func done(_ id: DeliveryID) -> Action {
        .reply(to: id, .ok(nil))
    }

    var stanza: Element? {
        guard case .deliver(let delivery, to: .xmppEdge) = self, case .stanza(let stanza) = delivery.payload
        else { return nil }
        return stanza
    }

    var request: SIPRequest? {
        guard case .deliver(let delivery, to: .sipEdge) = self,
            case .sipDispatch(let dispatch) = delivery.payload
        else { return nil }
        return dispatch.request
    }

    var sipAnswer: SIPAnswer? {
        guard case .reply(to: _, .ok(.sipAnswer(let answer)?)) = self else { return nil }
        return answer
    }

    /// The error that the sender of a stanza gets.
    var stanzaError: StanzaError? {
        guard case .reply(to: _, .ok(.stanza(let stanza)?)) = self else { return nil }
        return StanzaError(stanza)
    }

    var repliedTo: DeliveryID? {
        guard case .reply(to: let id, _) = self else { return nil }
        return id
    }
}

extension [Action] {
    var stanzas: [XMPPGrammar.Element] { compactMap(\.stanza) }
    var requests: [SIPRequest] { compactMap(\.request) }
    /// The statuses of the answers to MESSAGE requests.
    var statuses: [Int] { compactMap { $0.sipAnswer?.status } }
    var conditions: [StanzaErrorCondition] { compactMap { $0.stanzaError?.condition } }
    /// The texts of MESSAGE requests that leave.
    var texts: [String] { requests.map { String(decoding: $0.body, as: UTF8.self) } }
}
