// Conforms: RFC 6120 §4.9 (complete)

/// Why a stream ends (RFC 6120 section 4.9): always the last thing before `</stream:stream>`.
///
///     <stream:error>
///       <policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>
///       <stanza-too-big xmlns='urn:xmpp:errors'/>
///     </stream:error>
public struct StreamError: Error, Hashable, Sendable {
    public var condition: StreamErrorCondition
    /// The words for a person.
    public var text: String?
    /// The address of `see-other-host` alone (RFC 6120 section 4.9.3.19).
    public var host: String?
    /// The application-specific condition (RFC 6120 section 4.9.4).
    public var application: Element?

    public init(
        _ condition: StreamErrorCondition,
        text: String? = nil,
        host: String? = nil,
        application: Element? = nil
    ) {
        self.condition = condition
        self.text = text
        self.host = host
        self.application = application
    }

    /// Reads a `<stream:error/>` element; nil when it is another.
    ///
    /// A condition that is unknown or absent reads as `undefined-condition`.
    public init?(_ element: Element) {
        guard element.matches("error", Namespace.stream) else { return nil }
        self.init(.undefinedCondition)
        var known: StreamErrorCondition?
        for case .element(let child) in element.children {
            guard child.namespace == Namespace.streamErrors else {
                application = application ?? child
                continue
            }
            if child.name == "text" {
                text = child.text
            } else if known == nil {
                // COMPAT: servers of RFC 3920, which called it xml-not-well-formed (RFC 6120 section 4.9.3.13).
                let name = child.name == "xml-not-well-formed" ? "not-well-formed" : child.name
                known = StreamErrorCondition(rawValue: name)
                let content = child.text
                if known == .seeOtherHost, !content.isEmpty { host = content }
            }
        }
        condition = known ?? .undefinedCondition
    }

    /// The `<stream:error/>` element.
    public var element: Element {
        var element = Element("error", Namespace.stream)
        element.append(
            Element(
                condition.rawValue,
                Namespace.streamErrors,
                text: condition == .seeOtherHost ? host ?? "" : ""
            )
        )
        if let text {
            var child = Element("text", Namespace.streamErrors, text: text)
            child.language = "en"
            element.append(child)
        }
        if let application { element.append(application) }
        return element
    }
}
