public import MachineKit
public import XMPPGrammar

/// A stanza that came in, with what only the edge knows about it.
public struct StanzaArrival: Hashable, Sendable {
    public var stanza: Element
    /// The domain that the stream proved.
    public var domain: String
    public var at: WallTime

    public init(stanza: Element, domain: String, at: WallTime) {
        self.stanza = stanza
        self.domain = domain
        self.at = at
    }
}
