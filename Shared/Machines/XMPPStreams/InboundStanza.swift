public import XMPPGrammar

/// A stanza that came in over an authenticated stream, its addresses checked.
public struct InboundStanza: Hashable, Sendable {
    public var element: Element
    public var from: JID
    public var to: JID
    /// Which one it is, counted from 1 since stream management was enabled; 0 while it is not.
    public var serial: UInt64

    public init(element: Element, from: JID, to: JID, serial: UInt64 = 0) {
        self.element = element
        self.from = from
        self.to = to
        self.serial = serial
    }

    /// Whether an element is one of the three stanzas (RFC 6120 section 8).
    public static func isStanza(_ element: Element) -> Bool {
        guard element.namespace == Namespace.client else { return false }
        return element.name == "message" || element.name == "presence" || element.name == "iq"
    }

    /// Reads the addresses, which every stanza between servers must have (RFC 6120 sections 8.1.1.2 and 8.1.2.2).
    static func reading(_ element: Element) throws(StreamError) -> InboundStanza {
        InboundStanza(
            element: element,
            from: try address("from", of: element),
            to: try address("to", of: element)
        )
    }

    private static func address(_ name: String, of element: Element) throws(StreamError) -> JID {
        guard let text = element[name] else {
            throw StreamError(.improperAddressing, text: "the stanza has no '\(name)' address")
        }
        guard let address = try? JID(text) else {
            throw StreamError(.improperAddressing, text: "the stanza's '\(name)' is not an XMPP address")
        }
        return address
    }
}
