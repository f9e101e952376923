// Conforms: RFC 6120 §4.7 (complete)

/// What opens a stream (RFC 6120 section 4.7).
///
///     <?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams'
///       from='example.net' to='im.example.com' version='1.0' xml:lang='en'>
///
///     StreamHeader(contentNamespace: Namespace.server, from: "example.net", to: "im.example.com",
///         version: .one, language: "en")
public struct StreamHeader: Hashable, Sendable {
    public var from: String?
    public var to: String?
    public var id: String?
    /// Nil: before XMPP 1.0, which includes XEP-0114.
    public var version: StreamVersion?
    public var language: String?
    /// The default namespace (RFC 6120 section 4.8.2): `jabber:server`, `jabber:client`, `jabber:component:accept`.
    public var contentNamespace: String
    /// Whether the header declares the namespace of dialback, which says that its sender speaks it
    /// (XEP-0220 section 2.2.1).
    public var declaresDialback: Bool
    /// Why the root element opens no stream of XMPP, to close the stream with; nil when it opens one.
    public let fault: StreamErrorCondition?

    /// A header to send.
    public init(
        contentNamespace: String,
        from: String? = nil,
        to: String? = nil,
        id: String? = nil,
        version: StreamVersion? = nil,
        language: String? = nil,
        declaresDialback: Bool = false
    ) {
        self.contentNamespace = contentNamespace
        self.from = from
        self.to = to
        self.id = id
        self.version = version
        self.language = language
        self.declaresDialback = declaresDialback
        fault = nil
    }

    /// Reads the root element of a stream.
    public init(
        root name: String,
        _ namespace: String,
        attributes: [Attribute],
        declarations: [NamespaceDeclaration]
    ) {
        let root = Element(name, namespace, attributes: attributes)
        contentNamespace = declarations.first { $0.prefix.isEmpty }?.namespace ?? ""
        declaresDialback = declarations.contains { $0.namespace == Namespace.dialback }
        from = root["from"]
        to = root["to"]
        id = root["id"]
        version = root["version"].flatMap(StreamVersion.init)
        language = root.language
        fault =
            if namespace != Namespace.stream {
                .invalidNamespace
            } else if name != "stream" {
                .badFormat
            } else if !Self.contentNamespaces.contains(contentNamespace) {
                .invalidNamespace
            } else {
                nil
            }
    }

    private static let contentNamespaces = [Namespace.server, Namespace.component, Namespace.client]

    /// What closes the stream that the header opened.
    public static let close = Array("</stream:stream>".utf8)

    /// Writes the XML declaration (RFC 6120 section 11.5) and the opening tag.
    public func write(into octets: inout [UInt8]) {
        octets.append(contentsOf: "<?xml version='1.0'?><stream:stream xmlns='".utf8)
        XMLWriter.escape(contentNamespace, into: &octets)
        octets.append(contentsOf: "' xmlns:stream='".utf8)
        octets.append(contentsOf: Namespace.stream.utf8)
        octets.append(UInt8(ascii: "'"))
        if declaresDialback { write("xmlns:db", Namespace.dialback, into: &octets) }
        write("from", from, into: &octets)
        write("to", to, into: &octets)
        write("id", id, into: &octets)
        write("version", version?.description, into: &octets)
        write("xml:lang", language, into: &octets)
        octets.append(UInt8(ascii: ">"))
    }

    /// The octets that ``write(into:)`` writes.
    public var octets: [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(256)
        write(into: &octets)
        return octets
    }

    private func write(_ name: String, _ value: String?, into octets: inout [UInt8]) {
        guard let value else { return }
        octets.append(UInt8(ascii: " "))
        octets.append(contentsOf: name.utf8)
        octets.append(contentsOf: "='".utf8)
        XMLWriter.escape(value, into: &octets)
        octets.append(UInt8(ascii: "'"))
    }
}
