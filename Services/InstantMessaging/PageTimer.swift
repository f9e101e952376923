package import BusContract

/// What a page conversation waits for.
package enum PageTimer: Hashable, Sendable {
    /// The window in which the stanza that this delivery became may bounce (MAPPING 4.10).
    case bounceWindow(DeliveryID)
    /// The patience of whoever hears next that there was no time for his message (MAPPING 4.3).
    case queue
    /// The end of everything that is remembered.
    case memory
}
