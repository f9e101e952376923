import Octets
public import SIPGrammar
public import XMPPGrammar

/// From XMPP to SIP: MAPPING 1.3, step by step.
extension AddressMapper {
    /// The URI of an address; a resource becomes `;gr=`.
    public func uri(for jid: JID) throws(Unmappable) -> SIPURI {
        try uri(for: jid, as: .sip)
    }

    /// The URI of an address as the SIP side last spelt it, if it ever did.
    public func uri(for jid: JID, spelledBy memory: SpellingMemory) throws(Unmappable) -> SIPURI {
        var uri = try uri(for: jid)
        if let user = memory.user(of: jid) { uri.user = user }
        return uri
    }

    /// The URI of an address in another scheme: `im:` for messages, `pres:` for presence (RFC 7247 section 6.5 step 7).
    public func uri(for jid: JID, as scheme: SIPURI.Scheme) throws(Unmappable) -> SIPURI {
        let local = jid.local.map { Array(JIDEscaping.unescape($0).utf8) }
        let isPlain = scheme == .im || scheme == .pres
        let kept = isPlain ? Self.plainUserOctets : Self.userOctets
        var uri = SIPURI(
            scheme,
            user: local.map { PercentCoding.encode($0, keeping: kept) },
            host: try host(of: jid)
        )
        if let local, pstnDomains.contains(jid.domain), TelephoneNumber.isDiallable(local) {
            uri.parameters.set("user", "phone")
        }
        if let resource = jid.resource {
            uri.parameters.set(
                "gr",
                PercentCoding.encode(Array(resource.utf8), keeping: Self.parameterOctets)
            )
        }
        return uri
    }

    private func host(of jid: JID) throws(Unmappable) -> SIPHost {
        let name = try DomainName(of: jid).aLabels
        guard let host = SIPHost(name) else { throw Unmappable(.domain, "\(jid.domain) is no host name") }
        switch host {
        case .name: return host
        case .ipv4(let address), .ipv6(let address):
            guard ipHosts.contains(address) else {
                throw Unmappable(.domain, "the IP address \(address) stands for no domain")
            }
            return host
        }
    }
}
