/// An XML element with everything in it: what XMPP calls a stanza, and every part of one.
///
/// Names are local names, and the namespace is always there: prefixes are an accident of spelling (XML-NAMES) and
/// are gone once an element is read.
///
///     <message to='romeo@example.net'><body>Hark</body></message>
///
///     Element("message", Namespace.client,
///         attributes: [Attribute(name: "to", value: "romeo@example.net")],
///         children: [.element(Element("body", Namespace.client, text: "Hark"))])
///
/// In memory a stanza's namespace is always `jabber:client`, whatever the content namespace of the stream that it
/// came by: see ``StreamAssembler``.
public struct Element: Hashable, Sendable {
    public var name: String
    public var namespace: String
    public var attributes: [Attribute]
    public var children: [Node]

    public init(_ name: String, _ namespace: String, attributes: [Attribute] = [], children: [Node] = []) {
        self.name = name
        self.namespace = namespace
        self.attributes = attributes
        self.children = children
    }

    /// An element with nothing but text in it; none at all when the text is empty.
    public init(_ name: String, _ namespace: String, text: String) {
        self.init(name, namespace, children: text.isEmpty ? [] : [.text(text)])
    }

    /// The value of the attribute of this name that has no namespace.
    ///
    /// Setting nil removes it; a new attribute goes last.
    public subscript(_ attribute: String) -> String? {
        get { self[attribute, ""] }
        set { self[attribute, ""] = newValue }
    }

    /// The value of the attribute of this name and namespace.
    public subscript(_ attribute: String, _ namespace: String) -> String? {
        get {
            for candidate in attributes where candidate.name == attribute && candidate.namespace == namespace
            {
                return candidate.value
            }
            return nil
        }
        set {
            let found = attributes.firstIndex { $0.name == attribute && $0.namespace == namespace }
            switch (found, newValue) {
            case (let found?, let value?): attributes[found].value = value
            case (let found?, nil): attributes.remove(at: found)
            case (nil, let value?):
                attributes.append(Attribute(name: attribute, namespace: namespace, value: value))
            case (nil, nil): break
            }
        }
    }

    /// The `xml:lang` attribute (RFC 6120 section 8.1.5) of this very element; not inherited.
    public var language: String? {
        get { self["lang", Namespace.xml] }
        set { self["lang", Namespace.xml] = newValue }
    }

    /// Whether this is an element of that name and namespace.
    public func matches(_ name: String, _ namespace: String) -> Bool {
        self.name == name && self.namespace == namespace
    }
}

extension Element {
    /// The child elements, in order, without the text between them.
    public var elements: [Element] {
        children.compactMap { child in
            guard case .element(let element) = child else { return nil }
            return element
        }
    }

    /// The text directly in this element, joined; text of child elements is not in it.
    public var text: String {
        if children.count == 1, case .text(let only) = children[0] { return only }
        var text = ""
        for case .text(let part) in children { text += part }
        return text
    }

    /// The first child element of this name; of any namespace when none is given.
    public func first(_ name: String, _ namespace: String? = nil) -> Element? {
        for case .element(let element) in children where element.answers(to: name, namespace) {
            return element
        }
        return nil
    }

    /// All child elements of this name; of any namespace when none is given.
    public func all(_ name: String, _ namespace: String? = nil) -> [Element] {
        elements.filter { $0.answers(to: name, namespace) }
    }

    /// Whether there is a child element of this name; of any namespace when none is given.
    public func contains(_ name: String, _ namespace: String? = nil) -> Bool {
        for case .element(let element) in children where element.answers(to: name, namespace) { return true }
        return false
    }

    public mutating func append(_ element: Element) {
        children.append(.element(element))
    }

    /// Adds text at the end; adds nothing when the text is empty, and joins text to text.
    public mutating func append(text: String) {
        guard !text.isEmpty else { return }
        if case .text(let last)? = children.last {
            children[children.count - 1] = .text(last + text)
        } else {
            children.append(.text(text))
        }
    }

    /// Removes the child elements of this name; of any namespace when none is given.
    public mutating func removeAll(_ name: String, _ namespace: String? = nil) {
        children.removeAll { child in
            guard case .element(let element) = child else { return false }
            return element.answers(to: name, namespace)
        }
    }

    /// This element with one namespace put for another, on it and on everything in it.
    public func moved(from old: String, to new: String) -> Element {
        var moved = self
        if namespace == old { moved.namespace = new }
        for (index, child) in children.enumerated() {
            guard case .element(let element) = child else { continue }
            moved.children[index] = .element(element.moved(from: old, to: new))
        }
        return moved
    }

    private func answers(to name: String, _ namespace: String?) -> Bool {
        guard self.name == name else { return false }
        guard let namespace else { return true }
        return self.namespace == namespace
    }
}
