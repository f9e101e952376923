public import XMPPGrammar

/// A domain in both its spellings (MAPPING 1.7): U-labels, as JIDs have them, and A-labels, as SIP hosts have them.
///
/// `münchen.example` <-> `xn--mnchen-3ya.example`. Domains are compared by their A-labels in lower case.
public struct DomainName: Hashable, Sendable, CustomStringConvertible {
    /// With letters of every script, in lower case, NFC and without a dot at the end.
    public let uLabels: String
    /// In ASCII and lower case.
    public let aLabels: String

    /// Reads either spelling.
    public init(_ text: String) throws(Unmappable) {
        let jid: JID
        do {
            jid = try JID(local: nil, domain: text)
        } catch {
            throw Unmappable(.domain, "the text is no domain")
        }
        try self.init(of: jid)
    }

    /// The domain of an address.
    public init(of jid: JID) throws(Unmappable) {
        uLabels = jid.domain
        aLabels = jid.asciiDomain
        // RFC 1035 section 2.3.4, less the octets that only the wire has.
        guard aLabels.utf8.count <= 253 else {
            throw Unmappable(.domain, "the domain is longer than a host name can be")
        }
    }

    public var description: String { uLabels }

    public static func == (left: DomainName, right: DomainName) -> Bool {
        left.aLabels == right.aLabels
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(aLabels)
    }
}
