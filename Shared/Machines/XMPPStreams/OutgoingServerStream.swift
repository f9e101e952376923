public import MachineKit
public import XMPPGrammar

/// A stream to another server, over one connection (RFC 6120, XEP-0178, XEP-0220).
///
///     idle ─connected─▶ greeting ─header─▶ choosing ─features─▶ askingTLS ─proceed─▶ securing ─┐
///                          ▲                  │                                                │
///                          ├──────────────────┼────────────────────────────────── secured ─────┘
///                          └── authenticating ◀ EXTERNAL
///                                             │ no EXTERNAL, or refused
///                                             ▼
///                                            open ──close─▶ closing ─▶ over
///
/// Duties: set the stream up as far as the security policy asks; have domain pairs authorised by dialback, one or
/// many; ask about keys that were presented to us; keep the connection warm; close it when nobody uses it. Stanzas of
/// a pair that is ``Output/ready(_:)`` are written to the connection by the owner, who says ``Input/used`` of it.
///
/// Kinds of impossible: the peer's mistakes end the stream; its answers to what was not asked are ignored by name, as
/// XEP-0220 section 3.1 demands; inputs after the end are ignored.
public struct OutgoingServerStream: Machine {
    public enum Input: Hashable, Sendable {
        /// The connection is there, in the clear.
        case connected
        case opened(StreamHeader)
        case element(Element)
        case closed
        case disconnected
        case violated(StreamError)
        /// TLS is up, after STARTTLS or before the stream (XEP-0368); nil when the peer showed no certificate.
        case secured(PeerCertificate?)
        /// No TLS could be made.
        case insecure(String)
        /// Stanzas for this pair are waiting.
        case authorise(DomainPair)
        /// A key must be checked.
        case verify(DialbackRequest)
        /// A stanza was written.
        case used
        case close
    }

    public enum Output: Hashable, Sendable {
        case header(StreamHeader)
        case element(Element)
        case startTLS
        /// Read what comes as a new stream.
        case restart
        /// Stanzas of this pair may be written.
        case ready(DomainPair)
        /// Stanzas of this pair may not be written; the stream goes on.
        case refused(DomainPair, DialbackVerdict)
        case verified(DialbackRequest, DialbackVerdict)
        case space
        case footer
        case disconnect
        /// The stream is over, and with it every pair and question that was not answered.
        case ended(StreamEnd)
    }

    public enum Timer: Hashable, Sendable {
        case negotiation
        case dialback
        case keepAlive
        case idle
        case closing
    }

    enum Channel: Hashable {
        case plain
        case secured
        case authenticated
    }

    enum State: Hashable {
        case idle
        case greeting(Channel)
        case choosing(Channel, id: String)
        case askingTLS
        case securing
        case authenticating(id: String)
        case open(id: String)
        case closing
        case over
    }

    enum Authorisation: Hashable {
        case wanted
        case asked
        case ready
    }

    /// The domains of the stream header; the first pair that it is for.
    public let pair: DomainPair
    let security: StreamSecurity
    let hasCertificate: Bool
    let timeouts: StreamTimeouts
    let dialbackKey: DialbackKey
    var state = State.idle
    var pairs: [DomainPair: Authorisation] = [:]
    var questions: [DialbackRequest] = []
    var isUsed = false

    /// Prepares it; nothing happens yet.
    ///
    /// `hasCertificate`: whether we have a certificate that may prove ``pair``'s local domain.
    /// `dialbackKey`: makes the keys that prove a domain of ours.
    public init(
        pair: DomainPair,
        security: StreamSecurity,
        hasCertificate: Bool,
        timeouts: StreamTimeouts = StreamTimeouts(),
        dialbackKey: @escaping DialbackKey
    ) {
        self.pair = pair
        self.security = security
        self.hasCertificate = hasCertificate
        self.timeouts = timeouts
        self.dialbackKey = dialbackKey
    }

    /// Whether stanzas of a pair may be written now.
    public func isReady(_ pair: DomainPair) -> Bool {
        guard case .open = state else { return false }
        return pairs[pair] == .ready
    }

    /// Whether the stream takes new work: it is being set up, or is up.
    public var takesWork: Bool {
        switch state {
        case .idle, .greeting, .choosing, .askingTLS, .securing, .authenticating, .open: true
        case .closing, .over: false
        }
    }

    /// Whether the stream was set up: what goes wrong now is no reason to try another target.
    public internal(set) var wasOpen = false

    public mutating func handle(_ input: Input, at now: Moment) -> Effects {
        switch state {
        case .idle: idle(input, now)
        case .greeting(let channel): greeting(input, channel, now)
        case .choosing(let channel, let id): choosing(input, channel, id, now)
        case .askingTLS: askingTLS(input)
        case .securing: securing(input)
        case .authenticating(let id): authenticating(input, id, now)
        case .open(let id): open(input, id, now)
        case .closing: closing(input)
        case .over: [.ignore("input after the end")]
        }
    }

    public mutating func fired(_ timer: Timer, at now: Moment) -> Effects {
        switch timer {
        case .negotiation:
            return fail(StreamError(.connectionTimeout), .timeout("setting up the stream"))
        case .dialback:
            return giveUpDialback()
        case .keepAlive:
            return [.send(.space), .set(.keepAlive, at: now + timeouts.keepAlive)]
        case .idle:
            guard isUsed || !questions.isEmpty else { return startClosing(now) }
            isUsed = false
            return [.set(.idle, at: now + timeouts.idle)]
        case .closing:
            return end(.finished)
        }
    }

    // MARK: One function a state

    private mutating func idle(_ input: Input, _ now: Moment) -> Effects {
        switch input {
        case .connected:
            return [.set(.negotiation, at: now + timeouts.negotiation)] + greet(.plain)
        case .secured(let certificate):
            return [.set(.negotiation, at: now + timeouts.negotiation)] + secure(certificate)
        case .authorise, .verify, .used:
            return remember(input)
        case .insecure(let reason):
            return end(.insecure(reason))
        case .disconnected, .close:
            return end(.lost)
        case .opened, .element, .closed, .violated:
            return [.ignore("input before the connection")]
        }
    }

    private mutating func greeting(_ input: Input, _ channel: Channel, _ now: Moment) -> Effects {
        switch input {
        case .opened(let header):
            guard let id = header.id, !id.isEmpty else {
                return fail(StreamError(.undefinedCondition, text: "the stream header has no id"))
            }
            if header.version != nil {
                state = .choosing(channel, id: id)
                return []
            }
            // A peer of before RFC 3920 has no features and no TLS (RFC 6120 section 4.7.5).
            guard !security.needsTLS || channel != .plain else {
                return fail(StreamError(.unsupportedVersion), .insecure("the peer knows no STARTTLS"))
            }
            return becomeOpen(id, now)
        case .authorise, .verify, .used:
            return remember(input)
        case .element(let element):
            return StreamError(element).map { end(.peer($0)) } ?? [.ignore("an element before the header")]
        case .connected, .secured, .insecure:
            return [.ignore("input out of turn")]
        case .closed, .disconnected, .violated, .close:
            return finish(input)
        }
    }

    private mutating func choosing(_ input: Input, _ channel: Channel, _ id: String, _ now: Moment) -> Effects
    {
        switch input {
        case .element(let element):
            if let error = StreamError(element) { return end(.peer(error)) }
            guard element.name == "features", element.namespace == Namespace.stream else {
                return [.ignore("an element before the features")]
            }
            return choose(element, channel, id, now)
        case .authorise, .verify, .used:
            return remember(input)
        case .connected, .opened, .secured, .insecure:
            return [.ignore("input out of turn")]
        case .closed, .disconnected, .violated, .close:
            return finish(input)
        }
    }

    private mutating func askingTLS(_ input: Input) -> Effects {
        switch input {
        case .element(let element):
            if let error = StreamError(element) { return end(.peer(error)) }
            guard element.namespace == Namespace.tls else { return [.ignore("an element before TLS")] }
            guard element.name == "proceed" else { return end(.insecure("the peer refused STARTTLS")) }
            state = .securing
            return [.send(.startTLS)]
        case .authorise, .verify, .used:
            return remember(input)
        case .connected, .opened, .secured, .insecure:
            return [.ignore("input out of turn")]
        case .closed, .disconnected, .violated, .close:
            return finish(input)
        }
    }

    private mutating func securing(_ input: Input) -> Effects {
        switch input {
        case .secured(let certificate):
            return secure(certificate)
        case .insecure(let reason):
            return end(.insecure(reason))
        case .disconnected:
            return end(.insecure("the connection was lost during the TLS handshake"))
        case .authorise, .verify, .used:
            return remember(input)
        case .connected, .opened, .element:
            return [.ignore("input during the TLS handshake")]
        case .closed, .violated, .close:
            return finish(input)
        }
    }

    private mutating func authenticating(_ input: Input, _ id: String, _ now: Moment) -> Effects {
        switch input {
        case .element(let element):
            if let error = StreamError(element) { return end(.peer(error)) }
            guard element.namespace == Namespace.sasl else { return [.ignore("an element during SASL")] }
            switch element.name {
            case "success": return [.send(.restart)] + greet(.authenticated)
            // XEP-0178 section 3 step 11: the peer may let us go on with dialback.
            case "failure": return becomeOpen(id, now)
            default: return fail(StreamError(.unsupportedStanzaType), .refused("SASL EXTERNAL went wrong"))
            }
        case .authorise, .verify, .used:
            return remember(input)
        case .connected, .opened, .secured, .insecure:
            return [.ignore("input out of turn")]
        case .closed, .disconnected, .violated, .close:
            return finish(input)
        }
    }

    private mutating func open(_ input: Input, _ id: String, _ now: Moment) -> Effects {
        switch input {
        case .element(let element):
            if let error = StreamError(element) { return end(.peer(error)) }
            guard element.namespace == Namespace.dialback else {
                return [.ignore("an element for us to send")]
            }
            return hearDialback(element)
        case .authorise(let pair):
            return authorise(pair, id, now)
        case .verify(let request):
            return ask(request, now)
        case .used:
            isUsed = true
            return []
        case .close:
            return startClosing(now)
        case .connected, .opened, .secured, .insecure:
            return [.ignore("input out of turn")]
        case .closed, .disconnected, .violated:
            return finish(input)
        }
    }

    private mutating func closing(_ input: Input) -> Effects {
        switch input {
        case .closed, .disconnected: end(.finished)
        case .connected, .opened, .element, .violated, .secured, .insecure, .authorise, .verify, .used,
            .close:
            [.ignore("input while closing")]
        }
    }
}
