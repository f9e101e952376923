public import SIPGrammar

/// A response to an INVITE that had gone out; also one that its edge makes itself where none will come: 408 when
/// nobody answered, 503 when nobody could be reached (RFC 3261 section 8.1.3.1).
public struct SIPProgress: Hashable, Sendable {
    /// The delivery that held the INVITE.
    public var invite: DeliveryID
    public var response: SIPResponse
    /// Who answered, as `udp:192.0.2.1:5060`; empty when it was the edge itself.
    public var source: String

    public init(of invite: DeliveryID, _ response: SIPResponse, source: String = "") {
        self.invite = invite
        self.response = response
        self.source = source
    }
}
