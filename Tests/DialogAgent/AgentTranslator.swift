import BusContract
import MachineKit
import SIPGrammar
import TranslatorKit

/// A translator that translates nothing: it answers calls and makes them, in as many ways as there are users at its domain,
/// so that dialogs can be tried with real peers before there is a medium that needs them.
struct AgentTranslator: DurableTranslator {
    static let service = ServiceName("dialog-agent")
    static let letter: Character = "t"

    let service: ServiceName = Self.service
    let stateVersion: Int = 1

    var offer: ServiceOffer {
        ServiceOffer(
            service,
            letter: Self.letter,
            claims: [SIPClaim(.invite, keying: .byDialog), SIPClaim(.refer, keying: .byDialog)],
            allow: [.bye, .prack, .update, .info, .notify],
            accept: ["application/sdp"],
            supported: ["100rel", "timer", "replaces", "norefersub"]
        )
    }

    func conversation(_ key: ConversationKey) -> AgentConversation { AgentConversation(key.text) }

    func isOver(_ conversation: AgentConversation) -> Bool { conversation.isOver }

    func isDurable(_ conversation: AgentConversation) -> Bool { conversation.isCalling }
}
