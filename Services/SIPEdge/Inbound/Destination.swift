import BusContract
import SIPGrammar
import SIPTransport

/// Whom a request is delivered to, and in whose name.
struct Destination {
    enum Verdict {
        case refuse(Refusal)
        /// Answer with what can be done here (RFC 3261 section 11).
        case options
        case deliver(Destination)
    }

    let service: ServiceName
    let key: ConversationKey
    /// Who the edge believes the sender to be.
    let sender: SIPURI
    let displayName: String?

    /// A request that begins something.
    init(_ route: ServiceRoutes.Route, _ parties: MessageParties, _ received: ReceivedRequest) {
        service = route.service
        key =
            switch route.keying {
            case .byParties: parties.conversation
            case .byDialog:
                ConversationKey(
                    "\(received.mandatory.callID) \(received.mandatory.from.tag ?? "")"
                )
            }
        sender = parties.sender.uri
        displayName = parties.sender.displayName
    }

    /// A request within a dialog, whose tags say more of its sender than its From does.
    init(inside received: ReceivedRequest, _ service: ServiceName, _ key: ConversationKey) {
        self.service = service
        self.key = key
        if case .sip(let uri) = received.mandatory.from.uri {
            sender = uri
        } else {
            sender = SIPURI(.sip, user: "anonymous", host: .name("anonymous.invalid"))
        }
        displayName = received.mandatory.from.displayName
    }
}
