public import SIPGrammar

/// A response to an INVITE that had come in: provisional, final, or a 2xx once more.
public struct SIPResponding: Hashable, Sendable {
    /// The delivery that held the INVITE.
    public var invite: DeliveryID
    /// The whole response.
    ///
    /// An edge that does not have the transaction sends it where its topmost Via says.
    public var response: SIPResponse

    public init(to invite: DeliveryID, _ response: SIPResponse) {
        self.invite = invite
        self.response = response
    }
}
