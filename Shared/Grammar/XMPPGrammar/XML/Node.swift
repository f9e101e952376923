/// What stands between an element's tags: another element, or text.
public enum Node: Hashable, Sendable {
    case element(Element)
    case text(String)
}
