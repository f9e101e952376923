import XMPPGrammar
import XMPPStreams

/// What the gateway itself answers, without any translator.
struct ServiceAnswers: Sendable {
    /// The answer to an info/query request: exactly one for each (RFC 6120 section 8.2.3).
    func answer(_ stanza: InboundStanza) -> Element {
        let request = stanza.element
        guard request["type"] == "get" || request["type"] == "set" else {
            return request.errorReply(StanzaError(.badRequest))
        }
        let content = request.elements
        guard content.count == 1, let query = content.first, request["id"] != nil else {
            return request.errorReply(StanzaError(.badRequest))
        }
        let isGet = request["type"] == "get"
        let isDomain = stanza.to.local == nil
        switch (query.name, query.namespace) {
        case ("ping", Namespace.ping) where isGet:
            return result(of: request, nil)
        case ("query", Namespace.discoInfo) where isGet && isDomain && query["node"] == nil:
            return result(of: request, info)
        case ("query", Namespace.discoItems) where isGet && isDomain && query["node"] == nil:
            return result(of: request, Element("query", Namespace.discoItems))
        default:
            return request.errorReply(StanzaError(.serviceUnavailable))
        }
    }

    /// A gateway to SIP (XEP-0100 section 4, MAPPING 10.3).
    private var info: Element {
        var info = Element("query", Namespace.discoInfo)
        var identity = Element("identity", Namespace.discoInfo)
        identity["category"] = "gateway"
        identity["type"] = "sip"
        identity["name"] = "Causeway"
        info.append(identity)
        for name in [Namespace.discoInfo, Namespace.discoItems, "jid\\20escaping", Namespace.ping] {
            var feature = Element("feature", Namespace.discoInfo)
            feature["var"] = name
            info.append(feature)
        }
        return info
    }

    private func result(of request: Element, _ payload: Element?) -> Element {
        var result = Element("iq", Namespace.client)
        result["type"] = "result"
        result["id"] = request["id"]
        result["from"] = request["to"]
        result["to"] = request["from"]
        if let payload { result.append(payload) }
        return result
    }
}
