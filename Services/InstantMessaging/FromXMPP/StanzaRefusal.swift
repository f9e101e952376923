import XMPPGrammar

/// A stanza that does not cross.
enum StanzaRefusal: Error, Hashable {
    /// Its sender is told.
    case error(StanzaError)
    /// A headline: its sender does not want to know (MAPPING 4.1).
    case silent
    /// It has no sender whom one could tell.
    case unanswerable
}
