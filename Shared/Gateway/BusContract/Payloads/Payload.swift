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
    /// A response that an edge is to give to an INVITE that it had delivered.
    case sipResponding(SIPResponding)
    /// A response that came to an INVITE that an edge had sent.
    case sipProgress(SIPProgress)
    /// A stanza that arrived at an edge.
    case stanzaArrival(StanzaArrival)
    /// A stanza that an edge is to send.
    case stanza(Element)
    /// Anything of a translator from elsewhere; the type is a protobuf full name.
    case opaque(type: String, [UInt8])
}
