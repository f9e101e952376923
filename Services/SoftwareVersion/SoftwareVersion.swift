package import Addressing
package import BusContract
import TranslatorKit
import XMPPGrammar

/// The translator of one question: which software does a user have?
///
/// An XMPP user's version query (XEP-0092) becomes an OPTIONS request to the SIP user (RFC 3261 section 11); what the
/// response says of the software becomes the result. It is the smallest translator that is of use, and the template of
/// others: `Docs/Translators.md` goes through it line by line.
// Conforms: XEP-0092 1.1 (partial: about SIP users)
package struct SoftwareVersion: Translator {
    package let service = ServiceName("software-version")
    private let addresses: AddressMapper

    package init(addresses: AddressMapper = AddressMapper()) {
        self.addresses = addresses
    }

    package var offer: ServiceOffer {
        ServiceOffer(service, queries: [Namespace.softwareVersion], features: [Namespace.softwareVersion])
    }

    package func conversation(_ key: ConversationKey) -> VersionConversation {
        VersionConversation(key, addresses)
    }

    package func isOver(_ conversation: VersionConversation) -> Bool {
        conversation.isOver
    }
}
