import Addressing
import XMPPGrammar

/// What is the same for all conversations; they share one object of it.
final class MessagingPolicy: Sendable {
    let configuration: MessagingConfiguration
    let addresses: AddressMapper
    /// The domains as JIDs have them.
    private let sipDomains: Set<String>
    private let xmppDomains: Set<String>

    init(_ configuration: MessagingConfiguration, addresses: AddressMapper) {
        var canonical = configuration
        canonical.pagerAs.exceptions = Self.renamed(configuration.pagerAs.exceptions) { $0.uLabels }
        canonical.senderGRUU = Self.renamed(configuration.senderGRUU) { $0.aLabels }
        self.configuration = canonical
        self.addresses = addresses
        sipDomains = Self.canonical(configuration.sipDomains)
        xmppDomains = Self.canonical(configuration.xmppDomains)
    }

    /// Whether a SIP user's message may cross: no open relay (MAPPING 2.3; ARCHITECTURE section 8).
    func mayCross(fromSIP sender: JID, to recipient: JID) -> Bool {
        sipDomains.contains(sender.domain) || xmppDomains.contains(recipient.domain)
    }

    /// Whether an XMPP user's message may cross.
    func mayCross(fromXMPP sender: JID, to recipient: JID) -> Bool {
        sipDomains.contains(recipient.domain) || xmppDomains.contains(sender.domain)
    }

    /// Whether a redirection to this address may be followed: its users are on SIP as the recipient's are.
    func isOnSIP(_ address: JID) -> Bool {
        sipDomains.contains(address.domain)
    }

    /// A table by domains with each domain spelt as it will be looked up.
    private static func renamed<Value>(
        _ table: [String: Value],
        _ spelling: (DomainName) -> String
    ) -> [String: Value] {
        var renamed: [String: Value] = [:]
        for (domain, value) in table { renamed[(try? DomainName(domain)).map(spelling) ?? domain] = value }
        return renamed
    }

    private static func canonical(_ domains: Set<String>) -> Set<String> {
        Set(domains.map { (try? DomainName($0))?.uLabels ?? $0 })
    }
}
