public import SIPGrammar

/// What a publisher's owner is told.
public enum PublisherEvent: Hashable, Sendable {
    /// The latest state is with the compositor.
    case published
    /// It did not take the state; what was there before may be.
    case refused(SIPResponse)
    /// The state is taken back.
    case removed
}
