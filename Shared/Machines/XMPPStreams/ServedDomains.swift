/// For which domains streams are accepted (ARCHITECTURE section 8, "who may cross").
public struct ServedDomains: Hashable, Sendable {
    /// Domains that we are the XMPP service of; anybody may write to their users.
    public var local: Set<String>
    /// Domains whose users may write to any domain through us.
    public var guests: Set<String>

    public init(local: Set<String>, guests: Set<String> = []) {
        self.local = local
        self.guests = guests
    }

    /// Whether stanzas may come in from the pair's remote domain to its local one.
    public func accepts(_ pair: DomainPair) -> Bool {
        local.contains(pair.local) || guests.contains(pair.remote)
    }
}
