import MachineKit
import Octets
import XMPPGrammar

/// How a stream to us is set up: headers, features, TLS, SASL EXTERNAL, stream management.
extension IncomingServerStream {
    /// Answers a stream header (RFC 6120 section 4.7).
    ///
    /// An error is sent after our own header (section 4.9.1.2).
    mutating func greet(_ header: StreamHeader, _ id: String, _ channel: Channel) -> Effects {
        let (local, remote) = (StreamElements.domain(header.to), StreamElements.domain(header.from))
        let answer = StreamHeader(
            contentNamespace: Namespace.server,
            from: local ?? header.to,
            to: remote,
            id: id,
            version: header.version == nil ? nil : .one,
            declaresDialback: true
        )
        let greeting: Effects = [.send(.header(answer))]
        state = .talking(Talk(channel: channel, id: id, local: local ?? "", remote: remote))
        if let error = fault(in: header, local, remote, channel) { return greeting + fail(error) }
        guard header.version != nil, let local else { return greeting }
        let features = features(channel, DomainPair(local: local, remote: remote ?? ""))
        return greeting + [.send(.element(features))]
    }

    private func fault(
        in header: StreamHeader,
        _ local: String?,
        _ remote: String?,
        _ channel: Channel
    ) -> StreamError? {
        if let fault = header.fault { return StreamError(fault) }
        guard header.contentNamespace == Namespace.server else {
            return StreamError(.invalidNamespace, text: "streams here are of \(Namespace.server)")
        }
        guard header.version != nil || !security.needsTLS || channel.isSecured else {
            return StreamError(.unsupportedVersion, text: "the stream has no version, and TLS is needed")
        }
        guard header.to != nil else {
            return StreamError(.improperAddressing, text: "the stream has no 'to'")
        }
        guard header.from == nil || remote != nil else {
            return StreamError(.improperAddressing, text: "the stream's 'from' is not a domain")
        }
        guard let local, domains.accepts(DomainPair(local: local, remote: remote ?? "")) else {
            return StreamError(.hostUnknown, text: "that domain is not served here")
        }
        guard remote.map({ !domains.local.contains($0) }) ?? true else {
            return StreamError(.invalidFrom, text: "that domain is ours")
        }
        return nil
    }

    private func features(_ channel: Channel, _ pair: DomainPair) -> Element {
        var features = Element("features", Namespace.stream)
        if channel == .plain, offersTLS {
            var startTLS = StreamElements.startTLS()
            if security.needsTLS { startTLS.append(Element("required", Namespace.tls)) }
            features.append(startTLS)
            // Required means that nothing else may be offered (RFC 6120 section 5.3.1).
            if security.needsTLS { return features }
        }
        if case .secured(let certificate?) = channel, certificate.proves(pair.remote) {
            let mechanism = Element("mechanism", Namespace.sasl, children: [.text("EXTERNAL")])
            features.append(Element("mechanisms", Namespace.sasl, children: [.element(mechanism)]))
        }
        let errors = Element("errors", Namespace.dialbackFeature)
        features.append(Element("dialback", Namespace.dialbackFeature, children: [.element(errors)]))
        let optional = Element("optional", Namespace.streamManagement)
        features.append(Element("sm", Namespace.streamManagement, children: [.element(optional)]))
        return features
    }

    /// Takes a first-level child of the stream.
    mutating func hear(_ element: Element, _ talk: Talk, _ now: Moment) -> Effects {
        if InboundStanza.isStanza(element) { return take(element) }
        switch element.namespace {
        case Namespace.dialback:
            return hearDialback(element, talk)
        case Namespace.tls where element.name == "starttls":
            return startTLS(talk)
        case Namespace.sasl where element.name == "auth":
            return authenticate(element, talk)
        case Namespace.streamManagement:
            return hearStreamManagement(element, now)
        case Namespace.stream where element.name == "error":
            return end(.peer(StreamError(element) ?? StreamError(.undefinedCondition)))
        default:
            guard !believed.isEmpty else {
                return fail(StreamError(.notAuthorized, text: "no domain was authenticated"))
            }
            return fail(StreamError(.unsupportedStanzaType, text: "<\(element.name)/> means nothing here"))
        }
    }

    private mutating func startTLS(_ talk: Talk) -> Effects {
        guard talk.channel == .plain, offersTLS else {
            return [.send(.element(StreamElements.tlsFailure()))] + end(.insecure("STARTTLS out of place"))
        }
        state = .securing(talk)
        return [.send(.element(StreamElements.proceed())), .send(.startTLS)]
    }

    /// Believes a peer because of its certificate (XEP-0178 section 3, RFC 6120 section 6).
    private mutating func authenticate(_ element: Element, _ talk: Talk) -> Effects {
        guard element["mechanism"] == "EXTERNAL", case .secured(let certificate) = talk.channel else {
            return [.send(.element(StreamElements.saslFailure("invalid-mechanism")))]
        }
        let text = element.text
        // "=" is an empty authorization identity (RFC 6120 section 6.4.2).
        let identity = text.isEmpty || text == "=" ? [] : Base64.decode(text)
        guard let identity else { return [.send(.element(StreamElements.saslFailure("incorrect-encoding")))] }
        guard let remote = talk.remote, identity.isEmpty || identity == Array(remote.utf8) else {
            return [.send(.element(StreamElements.saslFailure("invalid-authzid")))]
        }
        guard let certificate, certificate.proves(remote) else {
            return [.send(.element(StreamElements.saslFailure("not-authorized")))]
        }
        state = .greeting(.authenticated(certificate))
        let pair = DomainPair(local: talk.local, remote: remote)
        return [.send(.element(StreamElements.saslSuccess())), .send(.restart)] + believe(pair)
    }

    private mutating func hearStreamManagement(_ element: Element, _ now: Moment) -> Effects {
        switch element.name {
        case "enable":
            guard !believed.isEmpty, !acknowledgements.isEnabled else {
                return failStreamManagement("unexpected-request")
            }
            acknowledgements.enable()
            return [.send(.element(Element("enabled", Namespace.streamManagement)))]
        case "resume":
            return failStreamManagement("item-not-found")
        case "r":
            guard acknowledgements.isEnabled else { return [.ignore("<r/> without stream management")] }
            guard acknowledgements.ask() else {
                return [.set(.acknowledge, at: now + timeouts.acknowledgement)]
            }
            return [acknowledge()]
        default:
            return [.ignore("stream management for which we ask nothing")]
        }
    }

    private func failStreamManagement(_ condition: String) -> Effects {
        let reason = Element(condition, Namespace.stanzaErrors)
        let failed = Element("failed", Namespace.streamManagement, children: [.element(reason)])
        return [.send(.element(failed))]
    }

    /// The work of a stanza is over; an acknowledgement that waited for it is sent.
    mutating func finish(_ serial: UInt64) -> Effects {
        guard acknowledgements.finish(serial) else { return [] }
        return [.cancel(.acknowledge), acknowledge()]
    }

    mutating func acknowledge() -> Effect<Output, Timer> {
        .send(.element(StreamElements.acknowledgement(acknowledgements.tell())))
    }

    /// Hands a stanza over if its sender's domain is believed.
    ///
    /// The target need only be a domain of ours: peers that were authenticated for one of them by EXTERNAL write to
    /// the others without further proof, and the proof is about who they are, not whom they write to.
    mutating func take(_ element: Element) -> Effects {
        guard !believed.isEmpty else {
            return fail(StreamError(.notAuthorized, text: "no domain was authenticated"))
        }
        do {
            var stanza = try InboundStanza.reading(element)
            guard believed[stanza.from.domain] != nil else {
                return fail(StreamError(.invalidFrom, text: "the sender's domain was not authenticated"))
            }
            guard domains.accepts(DomainPair(local: stanza.to.domain, remote: stanza.from.domain)) else {
                return fail(StreamError(.hostUnknown, text: "the recipient's domain is not served here"))
            }
            isUsed = true
            stanza.serial = acknowledgements.receive()
            return [.send(.stanza(stanza))]
        } catch {
            return fail(error)
        }
    }

    mutating func startClosing(_ error: StreamError?, _ now: Moment) -> Effects {
        guard case .talking(let talk) = state else { return end(.finished) }
        state = .closing(talk)
        var effects = cancelTimers()
        if acknowledgements.isEnabled {
            effects.append(acknowledge())
        }
        if let error { effects.append(.send(.element(error.element))) }
        return effects + [.send(.footer), .set(.closing, at: now + timeouts.closing)]
    }

    mutating func fail(_ error: StreamError) -> Effects {
        [.send(.element(error.element))] + end(.ours(error))
    }

    mutating func end(_ reason: StreamEnd) -> Effects {
        let before = state
        state = .over
        switch before {
        case .over: return [.ignore("a second end")]
        case .closing, .securing, .greeting:
            return cancelTimers() + [.send(.disconnect), .send(.ended(reason))]
        case .talking:
            // The last word about what was finished (XEP-0198 section 4).
            let last: Effects =
                acknowledgements.isEnabled && reason != .lost
                ? [acknowledge()] : []
            return cancelTimers() + last + [.send(.footer), .send(.disconnect), .send(.ended(reason))]
        }
    }

    func cancelTimers() -> Effects {
        [
            .cancel(.negotiation), .cancel(.keepAlive), .cancel(.idle), .cancel(.acknowledge),
            .cancel(.closing),
        ]
    }
}
