/// One attribute of an element.
public struct Attribute: Hashable, Sendable {
    /// The local name.
    public var name: String
    /// The namespace; empty for the usual attribute without a prefix.
    public var namespace: String
    public var value: String

    public init(name: String, namespace: String = "", value: String) {
        self.name = name
        self.namespace = namespace
        self.value = value
    }
}
