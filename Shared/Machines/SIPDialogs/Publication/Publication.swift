public import SIPGrammar

/// A state that is to be published, with its identifiers (RFC 3903 section 4).
public struct Publication: Hashable, Sendable, Codable {
    public var callID: String
    /// The tag of ``from``.
    public var localTag: String
    public var from: SIPNameAddress
    /// Whose state it is.
    public var entity: SIPNameAddress
    /// Proxies to pass; the nearest first.
    public var routes: [SIPNameAddress]
    public var event: SIPEvent
    /// For how many seconds.
    public var expires: UInt32
    /// What else every PUBLISH says.
    public var headers: SIPHeaders

    public init(
        callID: String,
        localTag: String,
        from: SIPNameAddress,
        entity: SIPNameAddress,
        routes: [SIPNameAddress] = [],
        event: SIPEvent,
        expires: UInt32 = 3600,
        headers: SIPHeaders = SIPHeaders()
    ) {
        self.callID = callID
        self.localTag = localTag
        self.from = from
        self.entity = entity
        self.routes = routes
        self.event = event
        self.expires = expires
        self.headers = headers
    }
}
