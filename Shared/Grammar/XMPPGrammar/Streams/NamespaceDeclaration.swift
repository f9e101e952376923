/// One `xmlns` or `xmlns:prefix` of an element (XML-NAMES section 3).
public struct NamespaceDeclaration: Hashable, Sendable {
    /// Empty: the default namespace.
    public var prefix: String
    public var namespace: String

    public init(prefix: String, namespace: String) {
        self.prefix = prefix
        self.namespace = namespace
    }
}
