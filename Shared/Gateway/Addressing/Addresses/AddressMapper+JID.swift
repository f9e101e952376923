import Octets
public import SIPGrammar
public import XMPPGrammar

/// From SIP to XMPP: MAPPING 1.2, step by step.
extension AddressMapper {
    /// The JID of an address; a resource only where the URI has `;gr=` with a value.
    public func jid(for uri: SIPRequestURI) throws(Unmappable) -> JID {
        switch uri {
        case .sip(let uri): try jid(for: uri)
        case .tel(let uri): try jid(forNumber: uri)
        case .other(let scheme, _):
            throw Unmappable(.scheme, "the scheme \(scheme): has no counterpart in XMPP")
        }
    }

    /// The JID of an address; a resource only where the URI has `;gr=` with a value.
    public func jid(for uri: SIPURI) throws(Unmappable) -> JID {
        try jid(for: uri, gruu: uri.parameters.value("gr"))
    }

    /// The JID of a header's address.
    ///
    /// COMPAT: the examples of RFC 7573, RFC 7702 and RFC 8048, and who copied them: `gr` stands outside the angle
    /// brackets. It counts where the URI itself has none.
    public func jid(for address: SIPNameAddress) throws(Unmappable) -> JID {
        guard case .sip(let uri) = address.uri else { return try jid(for: address.uri) }
        return try jid(for: uri, gruu: uri.parameters.value("gr") ?? address.parameters.text("gr"))
    }

    private func jid(for uri: SIPURI, gruu: String?) throws(Unmappable) -> JID {
        let domain = try domain(of: uri.host)
        guard !uri.isSecure || secureDomains.contains(domain) else {
            throw Unmappable(.secureScheme, "sips: addresses are not translated (RFC 7247 section 8)")
        }
        var local: [UInt8]?
        if uri.user != nil {
            guard let user = uri.decodedUser else {
                throw Unmappable(.syntax, "the user part has a broken escape")
            }
            let isPhone = uri.parameters.value("user").map { ASCII.equalIgnoringCase($0, "phone") } ?? false
            local = isPhone ? TelephoneNumber.stripped(user) ?? user : user
        }
        return try jid(user: local, domain: domain, gruu: gruu)
    }

    private func jid(forNumber uri: TelURI) throws(Unmappable) -> JID {
        guard let telDomain else {
            throw Unmappable(.domain, "no domain is configured for telephone numbers")
        }
        // A tel URI is its number and parameters; percent-escapes are undone as in a user part.
        let text = uri.description.utf8.dropFirst("tel:".utf8.count)
        guard let octets = PercentCoding.decode(Array(text)), let number = TelephoneNumber.stripped(octets)
        else {
            throw Unmappable(.syntax, "the tel: URI has no number")
        }
        return try jid(user: number, domain: telDomain, gruu: nil)
    }

    private func jid(user: [UInt8]?, domain: String, gruu: String?) throws(Unmappable) -> JID {
        var local: String?
        if let user { local = try Self.localpart(user) }
        let jid: JID
        do throws(JIDError) {
            jid = try JID(local: local, domain: domain)
        } catch {
            switch error.part {
            case .domain: throw Unmappable(.domain, "the host is no domain of XMPP")
            case .local, .resource: throw Unmappable(.user, "the user part cannot be part of an XMPP address")
            }
        }
        guard let gruu, let octets = PercentCoding.decode(gruu), let resource = String(strictly: octets.span)
        else {
            return jid
        }
        // A resource that cannot be is no reason to refuse (step 10).
        return (try? jid.at(resource: resource)) ?? jid
    }

    /// Steps 5 to 7: octets to text, escapes, and no space at either end.
    private static func localpart(_ user: [UInt8]) throws(Unmappable) -> String {
        guard let text = String(strictly: user.span) else {
            throw Unmappable(.user, "the user part is not UTF-8")
        }
        guard let local = JIDEscaping.escape(text) else {
            throw Unmappable(.user, "the user part begins or ends with a space")
        }
        return local
    }

    /// MAPPING 1.7; what a JID may have as its domain is for the JID to say.
    private func domain(of host: SIPHost) throws(Unmappable) -> String {
        let literal: String
        switch host {
        case .name(let name): return name
        case .ipv4(let address): literal = address
        case .ipv6(let address): literal = address
        }
        guard ipHosts.contains(literal) else {
            throw Unmappable(.domain, "the IP address \(literal) stands for no domain")
        }
        return host.description
    }
}
