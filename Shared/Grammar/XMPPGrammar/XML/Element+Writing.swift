extension Element {
    /// Writes the element where `defaultNamespace` is the default namespace, declaring a namespace only where it
    /// changes.
    ///
    /// A stanza in memory is in `jabber:client`; written with that default it fits a stream of any content
    /// namespace. Elements of the streams namespace get the prefix `stream`, which ``StreamHeader`` declares
    /// (RFC 6120 section 4.8.5), those of dialback the prefix `db` (XEP-0220 section 2).
    public func write(into octets: inout [UInt8], defaultNamespace: String = Namespace.client) {
        let prefix = prefix
        octets.append(UInt8(ascii: "<"))
        writeTag(prefix, into: &octets)
        var inherited = defaultNamespace
        if prefix == nil, namespace != defaultNamespace {
            inherited = namespace
            octets.append(contentsOf: " xmlns='".utf8)
            XMLWriter.escape(namespace, into: &octets)
            octets.append(UInt8(ascii: "'"))
        }
        if namespace == Namespace.dialback {
            octets.append(contentsOf: " xmlns:db='jabber:server:dialback'".utf8)
        }
        writeAttributes(into: &octets)
        guard !children.isEmpty else {
            octets.append(contentsOf: "/>".utf8)
            return
        }
        octets.append(UInt8(ascii: ">"))
        for child in children {
            switch child {
            case .element(let element): element.write(into: &octets, defaultNamespace: inherited)
            case .text(let text): XMLWriter.escape(text, inText: true, into: &octets)
            }
        }
        octets.append(contentsOf: "</".utf8)
        writeTag(prefix, into: &octets)
        octets.append(UInt8(ascii: ">"))
    }

    /// The octets that ``write(into:defaultNamespace:)`` writes.
    public func octets(defaultNamespace: String = Namespace.client) -> [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(512)
        write(into: &octets, defaultNamespace: defaultNamespace)
        return octets
    }

    private var prefix: String? {
        switch namespace {
        case Namespace.stream: "stream"
        case Namespace.dialback: "db"
        case Namespace.xml: "xml"
        default: nil
        }
    }

    private func writeTag(_ prefix: String?, into octets: inout [UInt8]) {
        if let prefix {
            octets.append(contentsOf: prefix.utf8)
            octets.append(UInt8(ascii: ":"))
        }
        XMLWriter.name(name, into: &octets)
    }

    private func writeAttributes(into octets: inout [UInt8]) {
        for (index, attribute) in attributes.enumerated() {
            let isRepeat = attributes[..<index].contains {
                $0.name == attribute.name && $0.namespace == attribute.namespace
            }
            // Twice the same attribute is not well-formed; a declaration is the writer's own business. Only without a
            // namespace is an attribute called `xmlns` one.
            guard !isRepeat, attribute.namespace != Namespace.xmlns,
                attribute.name != "xmlns" || !attribute.namespace.isEmpty
            else { continue }
            octets.append(UInt8(ascii: " "))
            if attribute.namespace == Namespace.xml {
                octets.append(contentsOf: "xml:".utf8)
            } else if !attribute.namespace.isEmpty {
                writeDeclaration("ns\(index)", attribute.namespace, into: &octets)
            }
            XMLWriter.name(attribute.name, into: &octets)
            octets.append(contentsOf: "='".utf8)
            XMLWriter.escape(attribute.value, into: &octets)
            octets.append(UInt8(ascii: "'"))
        }
    }

    /// Declares a prefix for one attribute and begins the attribute's name with it.
    private func writeDeclaration(_ prefix: String, _ namespace: String, into octets: inout [UInt8]) {
        octets.append(contentsOf: "xmlns:".utf8)
        octets.append(contentsOf: prefix.utf8)
        octets.append(contentsOf: "='".utf8)
        XMLWriter.escape(namespace, into: &octets)
        octets.append(contentsOf: "' ".utf8)
        octets.append(contentsOf: prefix.utf8)
        octets.append(UInt8(ascii: ":"))
    }
}
