public import MachineKit
public import SIPGrammar

/// A SIP request that came in, with what only the edge knows about it.
public struct SIPArrival: Hashable, Sendable {
    public var request: SIPRequest
    /// Who the edge believes the sender to be: P-Asserted-Identity of a trusted peer, else From.
    public var identity: SIPURI
    /// The display name beside ``identity``; nil when there is none.
    public var displayName: String?
    public var at: WallTime
    /// The address that it came from, as `udp:192.0.2.1:5060`, for logs.
    public var source: String
    /// Of an INVITE: where the responses to it are to be delivered.
    ///
    /// It is answered with `ok` and nothing when it was taken; the responses follow, each a
    /// ``SIPResponding`` that names this arrival's delivery.
    public var edge: ServiceName?

    public init(
        request: SIPRequest,
        identity: SIPURI,
        displayName: String?,
        at: WallTime,
        source: String,
        edge: ServiceName? = nil
    ) {
        self.request = request
        self.identity = identity
        self.displayName = displayName
        self.at = at
        self.source = source
        self.edge = edge
    }
}
