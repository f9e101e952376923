import XMPPGrammar

/// What a message stanza turned out to be.
enum StanzaReading: Hashable, Sendable {
    /// It carries nothing that SIP could show.
    case nothing
    /// A message of ours came back.
    case bounce(id: String, from: JID, StanzaError)
    case page(XMPPPage)
}
