package import TransportSecurity

extension TLSContexts {
    /// Contexts for XMPP streams, which say so in Application-Layer Protocol Negotiation (XEP-0368).
    package init(_ identity: TLSIdentity, trust: TLSTrust) throws {
        try self.init(TLSCredentials(identity, trust: trust), protocols: ["xmpp-server"])
    }
}
