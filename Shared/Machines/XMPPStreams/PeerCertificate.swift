/// What a peer's certificate says about it, as far as streams care (RFC 6120 section 13.7.1.2).
public struct PeerCertificate: Hashable, Sendable {
    /// Whether its chain ends at an authority that we trust.
    public var isTrusted: Bool
    /// Its names for an XMPP service: dNSName, SRVName and XmppAddr, without duplicates.
    public var names: [String]

    public init(isTrusted: Bool, names: [String]) {
        self.isTrusted = isTrusted
        self.names = names.map { $0.lowercased() }
    }

    /// Whether it proves its holder to be the given domain.
    public func proves(_ domain: String) -> Bool {
        guard isTrusted else { return false }
        let domain = ASCIIDomain.of(domain)
        return names.contains { Self.matches($0, domain) }
    }

    /// Why it does not prove a domain, for people.
    public var flaw: String {
        guard isTrusted else { return "not signed by a trusted authority, or out of date" }
        return names.isEmpty ? "without names" : "for \(names.prefix(5).joined(separator: ", ")) instead"
    }

    /// A wildcard stands for the whole left-most label and no other (RFC 6125 section 6.4.3).
    private static func matches(_ name: String, _ domain: String) -> Bool {
        guard name.utf8.starts(with: "*.".utf8) else { return name == domain }
        guard let dot = domain.utf8.firstIndex(of: UInt8(ascii: ".")), dot != domain.startIndex else {
            return false
        }
        return domain[dot...] == name.dropFirst()
    }
}
