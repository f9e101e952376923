public import SIPGrammar

/// What a subscriber is told.
///
/// A `fork` is the notifier's tag.
public enum SubscriberEvent: Hashable, Sendable {
    /// The SUBSCRIBE was taken, for so many seconds; whether it is also granted says the first notification.
    case accepted(expires: UInt32)
    case notified(SIPSubscriptionState, Notification?, fork: String)
    /// One of several forks has ended.
    case forkEnded(SubscriptionEnd, fork: String)
    /// All is over.
    case ended(SubscriptionEnd)
}

/// The body of a notification: nobody here looks into it.
public typealias Notification = SessionBody
