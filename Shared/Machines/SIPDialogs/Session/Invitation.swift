public import SIPGrammar

/// Who calls whom, and the identifiers of a call that is about to be made.
public struct Invitation: Hashable, Sendable, Codable {
    public var callID: String
    /// The tag of ``from``.
    public var localTag: String
    public var from: SIPNameAddress
    public var to: SIPNameAddress
    /// The Request-URI: whom to ask; nil for what ``to`` says.
    public var target: SIPRequestURI?
    /// Where requests of this session reach us.
    public var contact: SIPNameAddress
    /// Proxies to pass outside a dialog: a Service-Route (RFC 3608) or an outbound proxy; the nearest first.
    public var routes: [SIPNameAddress]
    /// The number of the INVITE; one more than the last for a second try, with credentials, of the same call.
    public var number: UInt32
    /// What else the INVITE says: Subject, Accept-Contact, P-Asserted-Identity, Referred-By, Replaces, Max-Breadth.
    public var headers: SIPHeaders

    public init(
        callID: String,
        localTag: String,
        from: SIPNameAddress,
        to: SIPNameAddress,
        target: SIPRequestURI? = nil,
        contact: SIPNameAddress,
        routes: [SIPNameAddress] = [],
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
        self.number = number
        self.headers = headers
    }
}
