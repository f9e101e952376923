import MachineKit
import TestKit
import XMPPGrammar
import XMPPStreams

/// What peers say in the plays, and machines to say it to.
enum Stage {
    static let montague = "montague.example"
    static let capulet = "capulet.example"

    /// A key that can be read: who receives, who originates, which stream.
    static let key: DialbackKey = { receiving, originating, id in "\(receiving) \(originating) \(id)" }

    static func features(_ children: Element...) -> Element {
        Element("features", Namespace.stream, children: children.map { .element($0) })
    }

    static let startTLS = Element("starttls", Namespace.tls)
    static let proceed = Element("proceed", Namespace.tls)
    static let external = Element(
        "mechanisms",
        Namespace.sasl,
        children: [.element(Element("mechanism", Namespace.sasl, text: "EXTERNAL"))]
    )

    static func header(
        from: String?,
        to: String?,
        id: String? = nil,
        version: StreamVersion? = .one
    ) -> StreamHeader {
        StreamHeader(
            contentNamespace: Namespace.server,
            from: from,
            to: to,
            id: id,
            version: version,
            declaresDialback: true
        )
    }

    static func dialback(
        _ name: String,
        from: String?,
        to: String?,
        id: String? = nil,
        type: String? = nil,
        text: String = "",
        error: StanzaErrorCondition? = nil
    ) -> Element {
        var element = Element(name, Namespace.dialback, text: text)
        element["from"] = from
        element["to"] = to
        element["id"] = id
        element["type"] = type
        if let error { element.append(StanzaError(error).element()) }
        return element
    }

    static func message(from: String?, to: String?, body: String = "Hark") -> Element {
        var message = Element("message", Namespace.client)
        message["from"] = from
        message["to"] = to
        message.append(Element("body", Namespace.client, text: body))
        return message
    }

    static func streamManagement(_ name: String) -> Element { Element(name, Namespace.streamManagement) }

    static func certificate(_ names: String..., trusted: Bool = true) -> PeerCertificate {
        PeerCertificate(isTrusted: trusted, names: names)
    }

    /// A stream to us at montague.example.
    static func incoming(
        _ security: StreamSecurity,
        guests: Set<String> = [],
        offersTLS: Bool = true
    ) -> Lab<IncomingServerStream> {
        Lab(
            IncomingServerStream(
                domains: ServedDomains(local: [montague, "chat.montague.example"], guests: guests),
                security: security,
                offersTLS: offersTLS,
                dialbackKey: key
            )
        )
    }

    /// A stream from us at capulet.example to montague.example.
    static func outgoing(
        _ security: StreamSecurity,
        hasCertificate: Bool = false
    ) -> Lab<OutgoingServerStream> {
        Lab(
            OutgoingServerStream(
                pair: DomainPair(local: capulet, remote: montague),
                security: security,
                hasCertificate: hasCertificate,
                dialbackKey: key
            )
        )
    }
}

extension Lab<IncomingServerStream> {
    /// Lets capulet.example in by dialback, over TLS where the policy wants it.
    mutating func letIn(_ domain: String = Stage.capulet, to local: String = Stage.montague) {
        let pair = DomainPair(local: local, remote: domain)
        _ = play(.connected)
        _ = play(.opened(Stage.header(from: domain, to: local), id: "s1"))
        if subject.needsTLSForTest {
            _ = play(.element(Stage.startTLS))
            _ = play(.secured(Stage.certificate(domain)))
            _ = play(.opened(Stage.header(from: domain, to: local), id: "s1"))
        }
        _ = play(.element(Stage.dialback("result", from: domain, to: local, text: "k")))
        _ = play(.verdict(DialbackRequest(pair: pair, streamID: "s1", key: "k"), .valid))
    }
}

extension IncomingServerStream {
    /// Whether the machine, which has just greeted in the clear, insists on TLS.
    fileprivate var needsTLSForTest: Bool {
        var probe = self
        let verify = Stage.dialback("verify", from: "a.example", to: Stage.montague, id: "x", text: "k")
        return probe.handle(.element(verify), at: .start).contains { effect in
            guard case .send(.element(let element)) = effect else { return false }
            return element["type"] == "error"
        }
    }
}

extension IncomingServerStream.Output {
    /// The condition of a stream error that is being sent.
    var streamError: StreamErrorCondition? {
        guard case .element(let element) = self else { return nil }
        return StreamError(element)?.condition
    }

    var element: Element? {
        guard case .element(let element) = self else { return nil }
        return element
    }
}
