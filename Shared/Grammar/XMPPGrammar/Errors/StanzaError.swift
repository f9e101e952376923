// Conforms: RFC 6120 §8.3 (complete)

/// Why a stanza failed (RFC 6120 section 8.3).
///
///     <error by='example.net' type='cancel'>
///       <gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>xmpp:romeo@afterlife.example.net</gone>
///       <text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas' xml:lang='en'>moved</text>
///     </error>
public struct StanzaError: Error, Hashable, Sendable {
    public var condition: StanzaErrorCondition
    public var type: StanzaErrorType
    /// The words for a person.
    public var text: String?
    /// The language of ``text``.
    public var language: String?
    /// The address of who found the error.
    public var by: String?
    /// Where to go instead, of `gone` and `redirect` alone (RFC 6120 sections 8.3.3.5 and 8.3.3.14).
    public var uri: String?
    /// The application-specific condition (RFC 6120 section 8.3.4).
    public var application: Element?

    /// An error of the condition's default type, unless another is given.
    public init(
        _ condition: StanzaErrorCondition,
        type: StanzaErrorType? = nil,
        text: String? = nil,
        language: String? = nil,
        by: String? = nil,
        uri: String? = nil,
        application: Element? = nil
    ) {
        self.condition = condition
        self.type = type ?? condition.defaultType
        self.text = text
        self.language = language
        self.by = by
        self.uri = uri
        self.application = application
    }

    /// Reads an `<error/>` element, or a stanza that has one; nil when there is none.
    ///
    /// A condition that is unknown or absent reads as `undefined-condition`, a type that is unknown or absent as
    /// the condition's default: what others get wrong here must not hide that there was an error.
    public init?(_ element: Element) {
        guard let error = element.name == "error" ? element : element.first("error") else { return nil }
        self.init(.undefinedCondition)
        var known: StanzaErrorCondition?
        for case .element(let child) in error.children {
            guard child.namespace == Namespace.stanzaErrors else {
                application = application ?? child
                continue
            }
            if child.name == "text" {
                text = child.text
                language = child.language
            } else if known == nil, let condition = StanzaErrorCondition(rawValue: child.name) {
                known = condition
                let content = child.text
                if !content.isEmpty, condition == .gone || condition == .redirect { uri = content }
            }
        }
        condition = known ?? .undefinedCondition
        type = error["type"].flatMap(StanzaErrorType.init(rawValue:)) ?? condition.defaultType
        by = error["by"]
    }

    /// The `<error/>` element, in the namespace of the stanza that it goes into.
    public func element(_ namespace: String = Namespace.client) -> Element {
        var element = Element("error", namespace)
        element["type"] = type.rawValue
        element["by"] = by
        let carriesURI = condition == .gone || condition == .redirect
        element.append(
            Element(condition.rawValue, Namespace.stanzaErrors, text: carriesURI ? uri ?? "" : "")
        )
        if let text {
            var child = Element("text", Namespace.stanzaErrors, text: text)
            child.language = language
            element.append(child)
        }
        if let application { element.append(application) }
        return element
    }
}

extension Element {
    /// The stanza that tells this stanza's sender of an error (RFC 6120 section 8.3.1).
    ///
    /// Addresses are swapped, the type is `error`, the id is the same; what the stanza carried is not sent back.
    public func errorReply(_ error: StanzaError) -> Element {
        var reply = Element(name, namespace)
        reply["from"] = self["to"]
        reply["to"] = self["from"]
        reply["id"] = self["id"]
        reply["type"] = "error"
        reply.append(error.element(namespace))
        return reply
    }
}
