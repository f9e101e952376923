/// What a domain of ours shows, and whom it believes.
package struct TLSCredentials: Sendable {
    package var identity: TLSIdentity
    package var trust: TLSTrust

    package init(_ identity: TLSIdentity, trust: TLSTrust) {
        self.identity = identity
        self.trust = trust
    }
}
