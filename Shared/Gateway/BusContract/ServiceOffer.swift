public import SIPGrammar

/// What a service can do: told to everyone, so that edges hand work to it and advertise it.
public struct ServiceOffer: Hashable, Sendable {
    public var service: ServiceName
    /// Begins the identifiers that it mints (``Mint``); nil: it mints none that come back.
    public var letter: Character?
    public var claims: [SIPClaim]
    /// Methods that it takes, within dialogs too, as SIP's Allow lists them; those of its claims need not be repeated.
    public var allow: [SIPMethod]
    /// Media types of the bodies that it takes, as SIP's Accept lists them.
    public var accept: [String]
    /// SIP option tags, as Supported lists them.
    public var supported: [String]
    /// Namespaces of the iq payloads that it answers.
    public var queries: [String]
    /// Features that the addresses of SIP users have because of it (XEP-0030).
    public var features: [String]

    public init(
        _ service: ServiceName,
        letter: Character? = nil,
        claims: [SIPClaim] = [],
        allow: [SIPMethod] = [],
        accept: [String] = [],
        supported: [String] = [],
        queries: [String] = [],
        features: [String] = []
    ) {
        self.service = service
        self.letter = letter
        self.claims = claims
        self.allow = allow
        self.accept = accept
        self.supported = supported
        self.queries = queries
        self.features = features
    }
}
