public import SIPGrammar

/// What a notifier's owner is told.
public enum NotifierEvent: Hashable, Sendable {
    /// A SUBSCRIBE is in order and must have ``Notifier/Input/accept(_:_:)`` or ``Notifier/Input/refuse(_:_:)``; with
    /// an `expires` of 0 it wants to be told once.
    case subscribed(SIPEvent, expires: UInt32)
    /// The whole state is wanted, by ``Notifier/Input/notify(_:_:)``.
    case stateWanted
    /// The subscriber wants no more but a last notification, by the same.
    case unsubscribed
    /// A notification has arrived; the next may go out.
    case delivered
    case ended(NotifierEnd)
}

/// Why a notifier has nobody to tell any more.
public enum NotifierEnd: Hashable, Sendable, Codable {
    /// The SUBSCRIBE was refused with this status.
    case refused(Int)
    case unsubscribed
    case expired
    /// We ended it.
    case terminated
    /// A notification failed with this status.
    case lost(Int)
}
