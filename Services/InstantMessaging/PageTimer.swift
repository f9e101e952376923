package import BusContract

/// What a page conversation waits for.
package enum PageTimer: Hashable, Sendable {
    /// The window in which the stanza that this delivery became may bounce (MAPPING 4.10).
    case bounceWindow(DeliveryID)
    /// The patience of the message that has waited longest for its turn (MAPPING 4.3).
    case queue
    /// The end of everything that is remembered.
    case memory
}
