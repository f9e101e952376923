/// Puts what an XML parser reports one after the other together into what a stream says.
///
/// A stream is one XML document that grows while it is read (RFC 6120 section 4.2): its root is the stream header, each
/// element of the first level is whole only when it closes, and what is below that is part of it. So:
///
///     open stream          .opened(header)
///     open message
///     open body
///     text "Hark"
///     close
///     close                .element(message)
///     close                .closed
///
/// Text of the first level means nothing (RFC 6120 section 11.7, keep-alives) and is dropped.
///
/// Stanzas leave in `jabber:client`: inside a message, presence or iq of the first level whose namespace is the
/// stream's content namespace, that namespace reads as `jabber:client`. Everything else, such as the `<handshake/>`
/// of XEP-0114, keeps the namespace that it has.
///
/// Well-formedness is the parser's business: events after the close, and a close without an open, are ignored.
public struct StreamAssembler: Sendable {
    private enum State: Sendable {
        case waiting
        case open(contentNamespace: String)
        case closed
    }

    private var state = State.waiting
    /// The elements that are open, the first level first.
    private var open: [Element] = []
    private var readsAsClient = false

    public init() {
    }

    /// How many elements are open, the stream itself among them.
    public var depth: Int {
        switch state {
        case .waiting, .closed: 0
        case .open: open.count + 1
        }
    }

    /// An element opens.
    public mutating func open(
        _ name: String,
        _ namespace: String,
        attributes: [Attribute],
        declarations: [NamespaceDeclaration] = []
    ) -> StreamEvent? {
        switch state {
        case .waiting:
            let header = StreamHeader(
                root: name,
                namespace,
                attributes: attributes,
                declarations: declarations
            )
            state = .open(contentNamespace: header.contentNamespace)
            return .opened(header)
        case .open(let content):
            if open.isEmpty { readsAsClient = namespace == content && Self.isStanza(name) }
            let isContent = readsAsClient && namespace == content
            open.append(Element(name, isContent ? Namespace.client : namespace, attributes: attributes))
            return nil
        case .closed:
            return nil
        }
    }

    /// Text comes; text that comes in pieces is one text.
    public mutating func text(_ text: String) {
        guard !open.isEmpty else { return }
        open[open.count - 1].append(text: text)
    }

    /// The element that opened last closes.
    public mutating func close() -> StreamEvent? {
        guard let closed = open.popLast() else {
            guard case .open = state else { return nil }
            state = .closed
            return .closed
        }
        guard !open.isEmpty else { return .element(closed) }
        open[open.count - 1].children.append(.element(closed))
        return nil
    }

    private static func isStanza(_ name: String) -> Bool {
        name == "message" || name == "presence" || name == "iq"
    }
}
