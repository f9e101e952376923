public import SIPGrammar

/// What a session tells its owner.
///
/// A `fork` is the peer's tag: before a call is answered there may be several, of which one is left.
public enum SessionEvent: Hashable, Sendable {
    /// The INVITE that began the session is in order, and has this offer or none.
    case invited(SessionBody?)
    /// A provisional response: 180 for ringing.
    case progress(Int, fork: String)
    /// A description in a provisional response that may be lost: what the answer will be, for early media.
    case early(SessionBody, fork: String)
    /// An early dialog of several has ended (RFC 6228).
    case forkEnded(String)
    /// Our offer has its answer.
    case answered(SessionBody, fork: String)
    /// An offer that must have ``SessionCommand/answer(_:fork:)`` or ``SessionCommand/refuse(_:headers:)``.
    case offered(SessionBody, fork: String)
    /// The peer asks for an offer by an INVITE without one; ``SessionCommand/answer(_:fork:)`` makes it.
    case offerWanted
    /// The peer took back what it had offered or asked for.
    case offerWithdrawn
    /// The call is answered and acknowledged.
    case established(fork: String)
    /// The peer did not take our ``SessionCommand/change(_:promptly:)``; the session is what it was.
    case changeRefused(SIPResponse)
    /// A request inside the dialog that ``SessionCommand/respond(_:_:reason:headers:body:)`` is to answer.
    case request(RequestID, SIPRequest)
    /// The final response to a ``SessionCommand/send(_:reference:headers:body:)``.
    case response(SIPResponse, reference: String)
    /// The peer asks us to call somebody else (RFC 3515).
    case referRequested(RequestID, Referral)
    /// How the one whom we referred fares.
    case transfer(TransferProgress, reference: String)
    /// Nothing comes after it.
    case ended(SessionEnd)
}
