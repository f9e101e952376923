package import Addressing
package import BusContract
import SIPGrammar
import TranslatorKit

/// The translator of instant messages: SIP MESSAGE and XMPP `<message/>` in page mode.
///
/// Begin reading at ``PageConversation``, which is what two users say to each other.
// Conforms: RFC 7572 (complete)
package struct InstantMessaging: Translator {
    package typealias Conversation = PageConversation

    package let service = ServiceName.instantMessaging
    private let policy: MessagingPolicy

    package init(_ configuration: MessagingConfiguration, addresses: AddressMapper = AddressMapper()) {
        policy = MessagingPolicy(configuration, addresses: addresses)
    }

    package var offer: ServiceOffer {
        ServiceOffer(
            service,
            claims: [SIPClaim(.message)],
            accept: [
                "text/plain", "text/html", "message/cpim", "multipart/alternative", "multipart/mixed",
                "application/im-iscomposing+xml", "message/imdn+xml",
            ]
        )
    }

    package func conversation(_ key: ConversationKey) -> PageConversation {
        PageConversation(PageRules(key: key, policy: policy))
    }

    package func equipped(_ conversation: PageConversation, of key: ConversationKey) -> PageConversation {
        conversation.with(PageRules(key: key, policy: policy))
    }

    package func isOver(_ conversation: PageConversation) -> Bool {
        conversation.isOver
    }
}
