public import XMPPGrammar

/// A key that a peer presented, and what it is to prove (XEP-0220 section 2.1.2).
public struct DialbackRequest: Hashable, Sendable {
    /// The domains that the peer wants to send stanzas between.
    public var pair: DomainPair
    /// The id of the stream that the key was presented on.
    public var streamID: String
    public var key: String

    public init(pair: DomainPair, streamID: String, key: String) {
        self.pair = pair
        self.streamID = streamID
        self.key = key
    }
}

/// What the authoritative server said about a key, or why it could not be asked.
public enum DialbackVerdict: Hashable, Sendable {
    case valid
    case invalid
    case error(StanzaErrorCondition)
}

/// Makes the key for a stream: of the receiving domain, the originating domain and the stream's id (XEP-0185).
public typealias DialbackKey =
    @Sendable (_ receiving: String, _ originating: String, _ streamID: String) -> String
