import Octets
import XMPPGrammar

/// The elements that are exchanged to set a stream up.
enum StreamElements {
    static func startTLS() -> Element { Element("starttls", Namespace.tls) }

    static func proceed() -> Element { Element("proceed", Namespace.tls) }

    static func tlsFailure() -> Element { Element("failure", Namespace.tls) }

    /// Asks to be believed because of the certificate; the domain is repeated for older peers (XEP-0178 section 3).
    static func authExternal(as domain: String) -> Element {
        Element(
            "auth",
            Namespace.sasl,
            attributes: [Attribute(name: "mechanism", value: "EXTERNAL")],
            children: [.text(Base64.encode(Array(domain.utf8)))]
        )
    }

    static func saslSuccess() -> Element { Element("success", Namespace.sasl) }

    static func saslFailure(_ condition: String) -> Element {
        Element("failure", Namespace.sasl, children: [.element(Element(condition, Namespace.sasl))])
    }

    static func dialback(
        _ name: String,
        from: String,
        to: String,
        id: String? = nil,
        type: String? = nil,
        children: [Node] = []
    ) -> Element {
        var element = Element(name, Namespace.dialback, children: children)
        element["from"] = from
        element["to"] = to
        element["id"] = id
        element["type"] = type
        return element
    }

    /// The answer to a key or a question about one (XEP-0220 sections 2.2 and 2.4).
    static func dialbackAnswer(
        _ name: String,
        _ verdict: DialbackVerdict,
        from: String,
        to: String,
        id: String? = nil
    ) -> Element {
        switch verdict {
        case .valid:
            return dialback(name, from: from, to: to, id: id, type: "valid")
        case .invalid:
            return dialback(name, from: from, to: to, id: id, type: "invalid")
        case .error(let condition):
            let error = StanzaError(condition).element(Namespace.client)
            return dialback(name, from: from, to: to, id: id, type: "error", children: [.element(error)])
        }
    }

    /// Reads the `type` of an answer; nil when it has none or an unknown one.
    static func verdict(of element: Element) -> DialbackVerdict? {
        switch element["type"] {
        case "valid":
            return .valid
        case "invalid":
            return .invalid
        case "error":
            return .error(StanzaError(element)?.condition ?? .undefinedCondition)
        default:
            return nil
        }
    }

    /// The domain that an address names when it names nothing else.
    static func domain(_ text: String?) -> String? {
        guard let text, let address = try? JID(text), address.local == nil, address.resource == nil else {
            return nil
        }
        return address.domain
    }

    /// Compares two keys in a time that does not tell how much of them agrees.
    static func areEqual(_ one: String, _ other: String) -> Bool {
        let (one, other) = (Array(one.utf8), Array(other.utf8))
        guard one.count == other.count else { return false }
        return zip(one, other).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    static func acknowledgement(_ h: UInt32) -> Element {
        Element("a", Namespace.streamManagement, attributes: [Attribute(name: "h", value: "\(h)")])
    }
}
