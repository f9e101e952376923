public import MachineKit
public import SIPGrammar
public import XMPPGrammar

/// What a delivery or a reply carries.
///
/// It is handed from queue to queue many times and looked into twice: indirect, so that a copy is one reference.
public indirect enum Payload: Hashable, Sendable {
    /// A SIP request that arrived at an edge.
    case sipArrival(SIPArrival)
    /// A SIP request that an edge is to send.
    case sipDispatch(SIPDispatch)
    /// A final response that the other end gave to a dispatched request, without what it copies from the request: Via,
    /// From, Call-ID, CSeq, and To where its tag names no dialog.
    case sipResponse(SIPResponse)
    /// What an edge is to answer to a request that arrived.
    case sipAnswer(SIPAnswer)
    /// A stanza that arrived at an edge.
    case stanzaArrival(StanzaArrival)
    /// A stanza that an edge is to send.
    case stanza(Element)
    /// Anything of a translator from elsewhere; the type is a protobuf full name.
    case opaque(type: String, [UInt8])
}

/// A SIP request that came in, with what only the edge knows about it.
public struct SIPArrival: Hashable, Sendable {
    public var request: SIPRequest
    /// Who the edge believes the sender to be: P-Asserted-Identity of a trusted peer, else From.
    public var identity: SIPURI
    /// The display name beside ``identity``; nil when there is none.
    public var displayName: String?
    public var at: WallTime
    /// The address that it came from, as `udp:192.0.2.1:5060`, for logs.
    public var source: String

    public init(request: SIPRequest, identity: SIPURI, displayName: String?, at: WallTime, source: String) {
        self.request = request
        self.identity = identity
        self.displayName = displayName
        self.at = at
        self.source = source
    }
}

/// A SIP request to be sent outside a dialog.
///
/// The edge adds Via and Max-Forwards and chooses the next hop.
public struct SIPDispatch: Hashable, Sendable {
    public var request: SIPRequest
    /// Whether to send a request that exceeds what RFC 3261 section 18.1.1 allows on the only transport there is.
    ///
    /// If not, the delivery fails with ``Failure/Reason/tooLarge``.
    public var allowsOversize: Bool

    public init(request: SIPRequest, allowsOversize: Bool = false) {
        self.request = request
        self.allowsOversize = allowsOversize
    }
}

/// A final answer to a SIP request; the edge copies Via, From, To, Call-ID and CSeq from the request.
public struct SIPAnswer: Hashable, Sendable {
    public var status: Int
    /// Nil: the standard phrase of the status.
    public var reason: String?
    public var headers: SIPHeaders

    public init(_ status: Int, reason: String? = nil, headers: SIPHeaders = SIPHeaders()) {
        self.status = status
        self.reason = reason
        self.headers = headers
    }
}

/// A stanza that came in, with what only the edge knows about it.
public struct StanzaArrival: Hashable, Sendable {
    public var stanza: Element
    /// The domain that the stream proved.
    public var domain: String
    public var at: WallTime

    public init(stanza: Element, domain: String, at: WallTime) {
        self.stanza = stanza
        self.domain = domain
        self.at = at
    }
}
