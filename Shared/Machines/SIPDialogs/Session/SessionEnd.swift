public import SIPGrammar

/// How a session ended.
public enum SessionEnd: Hashable, Sendable, Codable {
    /// The one who was called said no, or something in between did.
    case refused(SIPResponse)
    /// We refused.
    case rejected(Int)
    /// Taken back before it was answered, by the caller: us if `byPeer` is false.
    case cancelled([SIPReason], byPeer: Bool)
    case hungUp([SIPReason], byPeer: Bool)
    /// A request inside the dialog failed in a way that ends it: with this status.
    case lost(Int)
    /// No refresh came in time (RFC 4028).
    case expired
    /// The 2xx was never acknowledged (RFC 3261 section 13.3.1.4).
    case unacknowledged
    /// A reliable provisional response was never acknowledged (RFC 3262 section 3).
    case provisionalUnacknowledged
    /// The peer broke the rules of offer and answer.
    case noAnswer
}
