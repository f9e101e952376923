public import SIPGrammar

/// A subscription that is to be made, with its identifiers (RFC 6665 section 4.1.2.1).
public struct Subscription: Hashable, Sendable, Codable {
    public var callID: String
    /// The tag of ``from``.
    public var localTag: String
    public var from: SIPNameAddress
    public var to: SIPNameAddress
    /// The Request-URI; nil for what ``to`` says.
    public var target: SIPRequestURI?
    public var contact: SIPNameAddress
    /// Proxies to pass outside a dialog; the nearest first.
    public var routes: [SIPNameAddress]
    public var event: SIPEvent
    /// The media types that notifications may have, empty for any; one of another is answered 415.
    public var accept: [String]
    /// For how many seconds; 0 to be told once.
    public var expires: UInt32
    /// Whether every fork that answers is a subscription of its own; for most packages the first alone is.
    public var keepsForks: Bool
    /// The number of the first SUBSCRIBE.
    public var number: UInt32
    /// What else every SUBSCRIBE says.
    public var headers: SIPHeaders

    public init(
        callID: String,
        localTag: String,
        from: SIPNameAddress,
        to: SIPNameAddress,
        target: SIPRequestURI? = nil,
        contact: SIPNameAddress,
        routes: [SIPNameAddress] = [],
        event: SIPEvent,
        accept: [String],
        expires: UInt32 = 3600,
        keepsForks: Bool = false,
        number: UInt32 = 1,
        headers: SIPHeaders = SIPHeaders()
    ) {
        self.callID = callID
        self.localTag = localTag
        self.from = from
        self.to = to
        self.target = target
        self.contact = contact
        self.routes = routes
        self.event = event
        self.accept = accept
        self.expires = expires
        self.keepsForks = keepsForks
        self.number = number
        self.headers = headers
    }
}
