import XMPPGrammar

/// A message that passed, as the other side's replies to it name it (MAPPING 4.2, In-Reply-To).
struct MessageReference: Hashable, Sendable {
    var callID: String
    /// Who wrote it.
    var author: JID
}
