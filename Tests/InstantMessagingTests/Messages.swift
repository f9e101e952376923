import SIPGrammar
import XMPPGrammar

extension SIPRequest {
    /// What Romeo writes to Juliet.
    static func romeo(
        _ body: String = "Hark",
        type: String? = "text/plain",
        to uri: String = "sip:juliet@example.com",
        from: String = "<sip:romeo@example.net>;tag=vwxyz",
        callID: String = "9E97FB43",
        cSeq: String = "1 MESSAGE",
        with more: SIPHeaders = SIPHeaders()
    ) -> SIPRequest {
        romeo(
            octets: Array(body.utf8),
            type: type,
            to: uri,
            from: from,
            callID: callID,
            cSeq: cSeq,
            with: more
        )
    }

    static func romeo(
        octets: [UInt8],
        type: String? = "text/plain",
        to uri: String = "sip:juliet@example.com",
        from: String = "<sip:romeo@example.net>;tag=vwxyz",
        callID: String = "9E97FB43",
        cSeq: String = "1 MESSAGE",
        with more: SIPHeaders = SIPHeaders()
    ) -> SIPRequest {
        var headers: SIPHeaders = [
            .via: "SIP/2.0/TCP s2x.example.net;branch=z9hG4bKeskdgs677", .maxForwards: "70", .to: "<\(uri)>",
            .from: from, .callID: callID, .cSeq: cSeq,
        ]
        if let type { headers.append(.contentType, type) }
        headers.append(contentsOf: more)
        return SIPRequest(
            .message,
            SIPRequestURI(uri) ?? .other(scheme: "none", rest: ""),
            headers: headers,
            body: octets
        )
    }
}

extension Element {
    /// What Juliet writes to Romeo.
    static func juliet(
        _ body: String? = "Hark",
        type: String? = "chat",
        to: String = "romeo@example.net",
        from: String = "juliet@example.com/balcony",
        id: String? = "m1",
        thread: String? = nil,
        _ more: Element...
    ) -> Element {
        var stanza = Element("message", Namespace.client)
        stanza["from"] = from
        stanza["to"] = to
        stanza["id"] = id
        stanza["type"] = type
        if let body { stanza.append(Element("body", Namespace.client, text: body)) }
        if let thread { stanza.append(Element("thread", Namespace.client, text: thread)) }
        for element in more { stanza.append(element) }
        return stanza
    }

    /// What comes back when a stanza cannot be delivered.
    func bounced(_ condition: StanzaErrorCondition, text: String? = nil) -> Element {
        errorReply(StanzaError(condition, text: text))
    }

    /// A child element without a namespace of its own that has nothing but text.
    func text(of name: String) -> String? { first(name)?.text }
}
