public import SIPGrammar

/// What its owner wants of a session.
///
/// What a state has no use for is ignored; what has to wait for an exchange that is under way waits.
public enum SessionCommand: Hashable, Sendable {
    /// Calls, with an offer or, to be made one, without.
    case start(SessionBody?)
    /// Gives a provisional response; as a description that may be lost, or reliably with an answer or, where the INVITE
    /// had no offer, an offer.
    case progress(Int, SessionBody? = nil, reliably: Bool = false, headers: SIPHeaders = SIPHeaders())
    /// Takes the call with an answer, or with an offer where the INVITE had none.
    case accept(SessionBody?, headers: SIPHeaders = SIPHeaders())
    case reject(Int, reason: String? = nil, headers: SIPHeaders = SIPHeaders(), body: [UInt8] = [])
    /// Answers the offer that is outstanding, or makes the offer that is wanted.
    case answer(SessionBody, fork: String? = nil)
    /// Refuses the offer that is outstanding; the session goes on as it was.
    case refuse(Int, headers: SIPHeaders = SIPHeaders())
    /// Offers a change; by UPDATE if the peer is not to ask anybody and knows the method, or while the call is not answered.
    case change(SessionBody, promptly: Bool = false)
    /// Ends the session in the way that its state has for it.
    case hangUp([SIPReason] = [], headers: SIPHeaders = SIPHeaders())
    /// Sends a request inside the dialog: INFO, MESSAGE, OPTIONS, NOTIFY of an own package.
    case send(SIPMethod, reference: String, headers: SIPHeaders = SIPHeaders(), body: [UInt8] = [])
    /// Answers a request that was told by ``SessionEvent/request(_:_:)``, or refuses a referral.
    case respond(
        RequestID,
        Int,
        reason: String? = nil,
        headers: SIPHeaders = SIPHeaders(),
        body: [UInt8] = []
    )
    /// Asks the peer to call somebody else.
    case refer(Referral, reference: String)
    /// Promises to try a referral.
    case acceptReferral(RequestID)
    /// Reports on a referral; a final status is the last.
    case report(RequestID, Int, String? = nil)
}
