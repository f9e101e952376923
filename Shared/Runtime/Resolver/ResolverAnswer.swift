/// What the DNS answered to one question, and how far it is to be believed.
package struct ResolverAnswer<Record: Hashable & Sendable>: Hashable, Sendable {
    package var records: [Record]
    /// Whether DNSSEC proves it, the absence of records included (RFC 4035 section 3.2.3).
    ///
    /// Never so without a trust anchor. What is proven false is no answer but ``ResolverError/Code/bogus``.
    package var isSecure: Bool
    /// How long it may be kept; the shortest where several answers are behind it.
    package var timeToLive: Duration

    package init(_ records: [Record], isSecure: Bool = false, timeToLive: Duration = .zero) {
        self.records = records
        self.isSecure = isSecure
        self.timeToLive = timeToLive
    }
}
