public import MachineKit
public import XMPPGrammar

/// A stream from another server, over one connection (RFC 6120, XEP-0178, XEP-0198, XEP-0220).
///
///     greeting ──header─▶ talking ──starttls─▶ securing ──secured─▶ greeting
///                            │  └───── EXTERNAL ─────────────────▶ greeting
///                          close ─▶ closing ─▶ over
///
/// Duties: offer what the security policy asks for; believe a domain when a trusted certificate proves it (EXTERNAL)
/// or the domain's own server says so (dialback), any number of pairs on one stream; answer questions about keys that
/// we issued; let nothing else through before; hand over stanzas with good addresses of believed domains; acknowledge
/// what is finished (stream management without resumption), so that a peer can tell its users what we lost if we die.
///
/// Kinds of impossible: a peer's fault ends the stream with the error that RFC 6120 section 4.9.3 names, but for
/// dialback, where XEP-0220 section 2.4.2 wants the error to leave other pairs alone; answers on a stream that only
/// asks are ignored by name (XEP-0220 section 3.1); inputs after the end are ignored.
public struct IncomingServerStream: Machine {
    public enum Input: Hashable, Sendable {
        /// The connection is there.
        case connected
        /// A header came; `id` is a fresh unpredictable name for the stream (RFC 6120 section 4.7.3).
        case opened(StreamHeader, id: String)
        case element(Element)
        case closed
        case disconnected
        case violated(StreamError)
        /// TLS is up; nil when the peer showed no certificate.
        case secured(PeerCertificate?)
        /// What came of ``Output/verify(_:)``.
        case verdict(DialbackRequest, DialbackVerdict)
        /// The work of a stanza is over, well or badly.
        case finished(serial: UInt64)
        case close(StreamError?)
    }

    public enum Output: Hashable, Sendable {
        case header(StreamHeader)
        case element(Element)
        case startTLS
        /// Read what comes as a new stream.
        case restart
        /// Ask the remote domain's server about this key.
        case verify(DialbackRequest)
        case authenticated(DomainPair)
        case stanza(InboundStanza)
        case space
        case footer
        case disconnect
        case ended(StreamEnd)
    }

    public enum Timer: Hashable, Sendable {
        case negotiation
        case keepAlive
        case idle
        case acknowledge
        case closing
    }

    enum Channel: Hashable {
        case plain
        case secured(PeerCertificate?)
        case authenticated(PeerCertificate?)

        var isSecured: Bool { self != .plain }

        var certificate: PeerCertificate? {
            switch self {
            case .plain: nil
            case .secured(let certificate), .authenticated(let certificate): certificate
            }
        }
    }

    /// What the header of the current stream said.
    struct Talk: Hashable {
        var channel: Channel
        var id: String
        /// The domains of the header; a peer may leave its own out.
        var local: String
        var remote: String?
    }

    enum State: Hashable {
        case greeting(Channel)
        case talking(Talk)
        case securing(Talk)
        case closing(Talk)
        case over
    }

    enum Belief: Hashable {
        case asked(DialbackRequest)
        case believed
    }

    /// More pairs than this on one stream are refused (XEP-0220 section 2.4.2, resource-constraint).
    public static let mostPairs = 128
    /// Nor are more than this checked for a peer of whom nothing is known: each costs a connection elsewhere.
    public static let mostPairsBeforeBelief = 16

    let domains: ServedDomains
    let security: StreamSecurity
    let offersTLS: Bool
    let timeouts: StreamTimeouts
    let dialbackKey: DialbackKey
    var state: State
    var pairs: [DomainPair: Belief] = [:]
    /// How many believed pairs each remote domain has.
    var believed: [String: Int] = [:]
    var acknowledgements = Acknowledgements()
    var isUsed = false

    /// Prepares it; nothing happens yet.
    ///
    /// `offersTLS`: whether we have a certificate of our own.
    /// `dialbackKey`: makes the keys that prove a domain of ours.
    public init(
        domains: ServedDomains,
        security: StreamSecurity,
        offersTLS: Bool,
        timeouts: StreamTimeouts = StreamTimeouts(),
        dialbackKey: @escaping DialbackKey
    ) {
        self.domains = domains
        self.security = security
        self.offersTLS = offersTLS
        self.timeouts = timeouts
        self.dialbackKey = dialbackKey
        state = .greeting(.plain)
    }

    /// How many stanzas have come in under stream management that are not finished.
    public var unfinished: UInt64 { acknowledgements.received - acknowledgements.finished }

    public mutating func handle(_ input: Input, at now: Moment) -> Effects {
        switch state {
        case .greeting(let channel): greeting(input, channel, now)
        case .talking(let talk): talking(input, talk, now)
        case .securing(let talk): securing(input, talk)
        case .closing(let talk): closing(input, talk)
        case .over: [.ignore("input after the end")]
        }
    }

    public mutating func fired(_ timer: Timer, at now: Moment) -> Effects {
        switch timer {
        case .negotiation:
            guard case .talking = state else { return end(.timeout("the peer never set its stream up")) }
            return fail(StreamError(.connectionTimeout, text: "no domain was authenticated in time"))
        case .keepAlive:
            guard case .talking = state else { return [.set(.keepAlive, at: now + timeouts.keepAlive)] }
            return [.send(.space), .set(.keepAlive, at: now + timeouts.keepAlive)]
        case .idle:
            guard isUsed || !acknowledgements.areAllFinished else { return startClosing(nil, now) }
            isUsed = false
            return [.set(.idle, at: now + timeouts.idle)]
        case .acknowledge:
            guard acknowledgements.owed != nil else { return [.ignore("nothing is owed")] }
            let news: Effects = acknowledgements.hasNews ? [acknowledge()] : []
            return news + [.set(.acknowledge, at: now + timeouts.acknowledgement)]
        case .closing:
            return end(.finished)
        }
    }

    // MARK: One function a state

    private mutating func greeting(_ input: Input, _ channel: Channel, _ now: Moment) -> Effects {
        switch input {
        case .connected:
            return [
                .set(.negotiation, at: now + timeouts.negotiation), .set(.idle, at: now + timeouts.idle),
                .set(.keepAlive, at: now + timeouts.keepAlive),
            ]
        case .opened(let header, let id):
            return greet(header, id, channel)
        case .secured(let certificate):
            // TLS before the stream (XEP-0368).
            state = .greeting(.secured(certificate))
            return []
        case .violated(let error):
            // What went wrong is said on a stream, even if there is none yet (RFC 6120 section 4.9.1.2).
            let header = StreamHeader(contentNamespace: Namespace.server, id: "0", version: .one)
            state = .talking(Talk(channel: channel, id: "0", local: "", remote: nil))
            return [.send(.header(header))] + fail(error)
        case .finished(let serial):
            return finish(serial)
        case .close:
            return end(.finished)
        case .disconnected, .closed:
            return end(.lost)
        case .element, .verdict:
            return [.ignore("input before the header")]
        }
    }

    private mutating func talking(_ input: Input, _ talk: Talk, _ now: Moment) -> Effects {
        switch input {
        case .element(let element):
            return hear(element, talk, now)
        case .finished(let serial):
            return finish(serial)
        case .verdict(let request, let verdict):
            return conclude(request, verdict)
        case .closed:
            return end(.finished)
        case .disconnected:
            return end(.lost)
        case .violated(let error):
            return fail(error)
        case .close(let error):
            return startClosing(error, now)
        case .connected, .opened, .secured:
            return [.ignore("input out of turn")]
        }
    }

    private mutating func securing(_ input: Input, _ talk: Talk) -> Effects {
        switch input {
        case .secured(let certificate):
            state = .greeting(.secured(certificate))
            return []
        case .disconnected, .closed, .violated, .close:
            return end(.insecure("the TLS handshake was not finished"))
        case .connected, .opened, .element, .verdict, .finished:
            return [.ignore("input during the TLS handshake")]
        }
    }

    /// Our half is closed; what the peer sent before it saw that is still ours to handle (RFC 6120 section 4.4) –
    /// unless it counts, in which case it learns from the last acknowledgement what we did not take.
    private mutating func closing(_ input: Input, _ talk: Talk) -> Effects {
        switch input {
        case .element(let element):
            guard !acknowledgements.isEnabled, InboundStanza.isStanza(element) else {
                return [.ignore("an element while closing")]
            }
            return take(element)
        case .closed, .disconnected:
            return end(.finished)
        case .connected, .opened, .violated, .secured, .verdict, .finished, .close:
            return [.ignore("input while closing")]
        }
    }
}
