public import MachineKit
public import XMPPGrammar

/// Attaches to an XMPP server as one of its components, over one connection (XEP-0114, "accept").
///
///     idle ──connected─▶ greeting ──header─▶ proving ──handshake─▶ attached ──close─▶ closing ─▶ over
///
/// Duties: send the stream header and the handshake; say ``Output/attached`` when the server has taken them; hand over
/// the stanzas that come; keep the connection warm; end in an orderly way. Whoever owns it writes stanzas to the
/// connection directly once it is attached, and connects again when it is over.
///
/// Kinds of impossible: what the server does wrong ends the stream with a stream error; what comes after the end is
/// ignored by name; an input that only our own fault can bring is ignored too, as nothing better can be done.
public struct ComponentStream: Machine {
    public enum Input: Hashable, Sendable {
        /// The connection is there.
        case connected
        case opened(StreamHeader)
        case element(Element)
        /// The server closed its half.
        case closed
        /// The connection is gone.
        case disconnected
        /// What came was not what may be on a stream.
        case violated(StreamError)
        /// We want to end it.
        case close
    }

    public enum Output: Hashable, Sendable {
        case header(StreamHeader)
        case element(Element)
        case attached
        case stanza(InboundStanza)
        case space
        /// Close our half: `</stream:stream>`.
        case footer
        case disconnect
        case ended(StreamEnd)
    }

    public enum Timer: Hashable, Sendable {
        case negotiation
        case keepAlive
        case closing
    }

    private enum State: Hashable {
        case idle
        case greeting
        case proving
        case attached
        case closing
        case over
    }

    /// The component's domain.
    public let domain: String
    private let handshake: @Sendable (_ streamID: String) -> String
    private let timeouts: StreamTimeouts
    private var state = State.idle

    /// `handshake`: the lower-case hex SHA-1 of the stream's id and the secret (XEP-0114 section 3).
    public init(
        domain: String,
        timeouts: StreamTimeouts = StreamTimeouts(),
        handshake: @escaping @Sendable (_ streamID: String) -> String
    ) {
        self.domain = domain
        self.handshake = handshake
        self.timeouts = timeouts
    }

    public var isAttached: Bool { state == .attached }

    public mutating func handle(_ input: Input, at now: Moment) -> Effects {
        switch state {
        case .idle: idle(input, now)
        case .greeting: greeting(input)
        case .proving: proving(input, now)
        case .attached: attached(input, now)
        case .closing: closing(input)
        case .over: [.ignore("input after the end")]
        }
    }

    public mutating func fired(_ timer: Timer, at now: Moment) -> Effects {
        switch timer {
        case .negotiation:
            return fail(StreamError(.connectionTimeout), .timeout("the server did not answer the handshake"))
        case .keepAlive:
            guard state == .attached else { return [.ignore("keep-alive of no stream")] }
            return [.send(.space), .set(.keepAlive, at: now + timeouts.keepAlive)]
        case .closing:
            return end(.finished)
        }
    }

    private mutating func idle(_ input: Input, _ now: Moment) -> Effects {
        switch input {
        case .connected:
            state = .greeting
            let header = StreamHeader(contentNamespace: Namespace.component, to: domain)
            return [.send(.header(header)), .set(.negotiation, at: now + timeouts.negotiation)]
        case .disconnected, .close:
            return end(.lost)
        case .opened, .element, .closed, .violated:
            return [.ignore("input before the connection")]
        }
    }

    private mutating func greeting(_ input: Input) -> Effects {
        switch input {
        case .opened(let header):
            guard let id = header.id else {
                return fail(StreamError(.undefinedCondition, text: "the stream header has no id"))
            }
            state = .proving
            let proof = Element("handshake", Namespace.component, children: [.text(handshake(id))])
            return [.send(.element(proof))]
        case .connected, .element:
            return [.ignore("input out of turn")]
        case .closed, .disconnected, .violated, .close:
            return finish(input)
        }
    }

    private mutating func proving(_ input: Input, _ now: Moment) -> Effects {
        switch input {
        case .element(let element):
            if let error = StreamError(element) {
                return end(error.condition == .notAuthorized ? .refused("the secret is wrong") : .peer(error))
            }
            guard element.name == "handshake", element.namespace == Namespace.component else {
                return [.ignore("an element before the handshake")]
            }
            state = .attached
            return [
                .cancel(.negotiation), .send(.attached), .set(.keepAlive, at: now + timeouts.keepAlive),
            ]
        case .connected, .opened:
            return [.ignore("input out of turn")]
        case .closed, .disconnected, .violated, .close:
            return finish(input)
        }
    }

    private mutating func attached(_ input: Input, _ now: Moment) -> Effects {
        switch input {
        case .element(let element):
            return take(element)
        case .close:
            state = .closing
            return [.cancel(.keepAlive), .send(.footer), .set(.closing, at: now + timeouts.closing)]
        case .connected, .opened:
            return [.ignore("input out of turn")]
        case .closed, .disconnected, .violated:
            return finish(input)
        }
    }

    /// Our half is closed; what the server sent before it saw that is still ours to handle (RFC 6120 section 4.4).
    private mutating func closing(_ input: Input) -> Effects {
        switch input {
        case .element(let element): take(element)
        case .closed, .disconnected: end(.finished)
        case .connected, .opened, .violated, .close: [.ignore("input while closing")]
        }
    }

    private mutating func take(_ element: Element) -> Effects {
        if let error = StreamError(element) { return end(.peer(error)) }
        guard InboundStanza.isStanza(element) else { return [.ignore("an element that is no stanza")] }
        do {
            return [.send(.stanza(try InboundStanza.reading(element)))]
        } catch {
            // One stanza with a bad address must not cost everybody else's: the server is ours to trust.
            return [.ignore("a stanza without good addresses")]
        }
    }

    /// What the inputs that end a stream do in every state that is not closing.
    private mutating func finish(_ input: Input) -> Effects {
        switch input {
        case .closed: end(.finished)
        case .disconnected: end(.lost)
        case .violated(let error): fail(error)
        case .close: end(.finished)
        case .connected, .opened, .element: [.ignore("input out of turn")]
        }
    }

    private mutating func fail(_ error: StreamError, _ reason: StreamEnd? = nil) -> Effects {
        [.send(.element(error.element))] + end(reason ?? .ours(error))
    }

    private mutating func end(_ reason: StreamEnd) -> Effects {
        let before = state
        state = .over
        let timers: Effects = [.cancel(.negotiation), .cancel(.keepAlive), .cancel(.closing)]
        switch before {
        case .idle: return [.send(.ended(reason))]
        case .greeting, .proving, .attached:
            return timers + [.send(.footer), .send(.disconnect), .send(.ended(reason))]
        case .closing: return timers + [.send(.disconnect), .send(.ended(reason))]
        case .over: return [.ignore("a second end")]
        }
    }
}
