/// How much XML one stream may ask to be remembered at once.
package struct XMLStreamLimits: Hashable, Sendable {
    /// Octets of the stream header, with the XML declaration.
    package var header: Int
    /// Octets of one element of the first level (`limits.stanza`); at most 8 MiB are possible.
    package var element: Int
    /// Elements inside each other, the stream itself among them (`limits.depth`); at most 255 are possible.
    package var depth: Int
    /// Attributes of one element, namespace declarations among them.
    package var attributes: Int
    /// Namespace declarations in scope at once.
    package var namespaces: Int
    /// Octets of one name with its prefix.
    package var name: Int

    package init(
        header: Int = 16_384,
        element: Int = 262_144,
        depth: Int = 64,
        attributes: Int = 64,
        namespaces: Int = 256,
        name: Int = 256
    ) {
        self.header = header
        self.element = element
        self.depth = depth
        self.attributes = attributes
        self.namespaces = namespaces
        self.name = name
    }
}
