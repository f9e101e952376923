/// What a stream says: it opens, it carries elements, it closes.
public enum StreamEvent: Hashable, Sendable {
    /// `<stream:stream …>`
    case opened(StreamHeader)
    /// A whole element of the first level: a stanza, or a part of a negotiation.
    case element(Element)
    /// `</stream:stream>`
    case closed
}
