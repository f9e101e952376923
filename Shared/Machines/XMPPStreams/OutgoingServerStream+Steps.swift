import MachineKit
import XMPPGrammar

/// The steps that the states of an ``OutgoingServerStream`` share.
extension OutgoingServerStream {
    /// TLS is up; the policy may want more than that.
    mutating func secure(_ certificate: PeerCertificate?) -> Effects {
        if security == .required, certificate?.proves(pair.remote) != true {
            return end(.insecure("the certificate of \(pair.remote) is \(certificate?.flaw ?? "missing")"))
        }
        return greet(.secured)
    }

    mutating func greet(_ channel: Channel) -> Effects {
        state = .greeting(channel)
        let header = StreamHeader(
            contentNamespace: Namespace.server,
            from: pair.local,
            to: pair.remote,
            version: .one,
            declaresDialback: true
        )
        return [.send(.header(header))]
    }

    /// Takes the next step that the peer's features and our policy lead to.
    mutating func choose(_ features: Element, _ channel: Channel, _ id: String, _ now: Moment) -> Effects {
        switch channel {
        case .plain:
            if features.first("starttls", Namespace.tls) != nil {
                state = .askingTLS
                return [.send(.element(StreamElements.startTLS()))]
            }
            guard !security.needsTLS else {
                return fail(
                    StreamError(.policyViolation, text: "TLS is needed"),
                    .insecure("the peer offers no STARTTLS")
                )
            }
            return becomeOpen(id, now)
        case .secured:
            let offered = features.first("mechanisms", Namespace.sasl)?.elements.map(\.text) ?? []
            guard hasCertificate, offered.contains("EXTERNAL") else { return becomeOpen(id, now) }
            state = .authenticating(id: id)
            return [.send(.element(StreamElements.authExternal(as: pair.local)))]
        case .authenticated:
            let wasWanted = pairs[pair] == .wanted
            pairs[pair] = .ready
            return (wasWanted ? [.send(.ready(pair))] : []) + becomeOpen(id, now)
        }
    }

    /// The stream is set up: what waited for it is done now.
    mutating func becomeOpen(_ id: String, _ now: Moment) -> Effects {
        state = .open(id: id)
        wasOpen = true
        var effects: Effects = [
            .cancel(.negotiation), .set(.keepAlive, at: now + timeouts.keepAlive),
            .set(.idle, at: now + timeouts.idle),
        ]
        let waiting = questions
        questions = []
        for request in waiting { effects += ask(request, now) }
        for (pair, authorisation) in pairs where authorisation == .wanted {
            effects += authorise(pair, id, now)
        }
        return effects
    }

    /// Notes what is wanted of a stream that is not open yet.
    mutating func remember(_ input: Input) -> Effects {
        switch input {
        case .authorise(let pair): pairs[pair] = .wanted
        case .verify(let request): questions.append(request)
        case .used, .connected, .opened, .element, .closed, .disconnected, .violated, .secured, .insecure,
            .close:
            break
        }
        return []
    }

    /// Presents a key for a pair (XEP-0220 section 2.1.1, step 1).
    mutating func authorise(_ pair: DomainPair, _ id: String, _ now: Moment) -> Effects {
        isUsed = true
        switch pairs[pair] {
        case .ready: return [.send(.ready(pair))]
        case .asked: return [.ignore("a key is out already")]
        case .wanted, nil: break
        }
        pairs[pair] = .asked
        let key = dialbackKey(pair.remote, pair.local, id)
        let result = StreamElements.dialback(
            "result",
            from: pair.local,
            to: pair.remote,
            children: [.text(key)]
        )
        return [.send(.element(result)), .set(.dialback, at: now + timeouts.dialback)]
    }

    /// Asks whether a key is the peer's (XEP-0220 section 2.1.2, step 2).
    mutating func ask(_ request: DialbackRequest, _ now: Moment) -> Effects {
        guard !questions.contains(request) else { return [.ignore("a question that is out already")] }
        questions.append(request)
        let verify = StreamElements.dialback(
            "verify",
            from: request.pair.local,
            to: request.pair.remote,
            id: request.streamID,
            children: [.text(request.key)]
        )
        return [.send(.element(verify)), .set(.dialback, at: now + timeouts.dialback)]
    }

    /// Takes an answer, if it is one to what was asked on this stream (XEP-0220 section 3.1).
    mutating func hearDialback(_ element: Element) -> Effects {
        guard let local = StreamElements.domain(element["to"]),
            let remote = StreamElements.domain(element["from"]),
            let verdict = StreamElements.verdict(of: element)
        else { return [.ignore("dialback that answers nothing")] }
        let pair = DomainPair(local: local, remote: remote)
        switch element.name {
        case "result":
            guard pairs[pair] == .asked else { return [.ignore("an unsolicited dialback result")] }
            pairs[pair] = verdict == .valid ? .ready : nil
            return [.send(verdict == .valid ? .ready(pair) : .refused(pair, verdict))] + doneWaiting()
        case "verify":
            let index = questions.firstIndex { $0.pair == pair && $0.streamID == element["id"] }
            guard let index else { return [.ignore("an unsolicited dialback verdict")] }
            return [.send(.verified(questions.remove(at: index), verdict))] + doneWaiting()
        default:
            return [.ignore("unknown dialback")]
        }
    }

    private func doneWaiting() -> Effects {
        questions.isEmpty && !pairs.values.contains(.asked) ? [.cancel(.dialback)] : []
    }

    /// Nobody answered in time; the stream itself may still be good.
    mutating func giveUpDialback() -> Effects {
        let refused = pairs.filter { $0.value == .asked }.keys
        for pair in refused { pairs[pair] = nil }
        defer { questions = [] }
        return refused.map { .send(.refused($0, .error(.remoteServerTimeout))) }
            + questions.map { .send(.verified($0, .error(.remoteServerTimeout))) }
    }

    mutating func startClosing(_ now: Moment) -> Effects {
        state = .closing
        return [
            .cancel(.dialback), .cancel(.keepAlive), .cancel(.idle), .send(.footer),
            .set(.closing, at: now + timeouts.closing),
        ]
    }

    /// What the inputs that end a stream do in every state that is not closing.
    mutating func finish(_ input: Input) -> Effects {
        switch input {
        case .closed, .close: end(.finished)
        case .disconnected: end(.lost)
        case .violated(let error): fail(error)
        case .connected, .opened, .element, .secured, .insecure, .authorise, .verify, .used:
            [.ignore("input out of turn")]
        }
    }

    mutating func fail(_ error: StreamError, _ reason: StreamEnd? = nil) -> Effects {
        // Nothing can be written into a TLS handshake.
        let farewell: Effects = state == .securing || state == .idle ? [] : [.send(.element(error.element))]
        return farewell + end(reason ?? .ours(error))
    }

    mutating func end(_ reason: StreamEnd) -> Effects {
        let before = state
        state = .over
        var effects: Effects = [
            .cancel(.negotiation), .cancel(.dialback), .cancel(.keepAlive), .cancel(.idle), .cancel(.closing),
        ]
        switch before {
        case .over: break
        case .idle, .closing, .securing: effects.append(.send(.disconnect))
        case .greeting, .choosing, .askingTLS, .authenticating, .open:
            effects += [.send(.footer), .send(.disconnect)]
        }
        return effects + [.send(.ended(reason))]
    }
}
