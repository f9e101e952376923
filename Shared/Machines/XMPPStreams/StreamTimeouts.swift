/// How long the steps of a stream may take.
public struct StreamTimeouts: Hashable, Sendable {
    /// From the connection to the first authenticated domain pair.
    public var negotiation = Duration.seconds(30)
    /// For the answer to a dialback key or question.
    public var dialback = Duration.seconds(20)
    /// Between spaces sent to keep the connection from going stale unnoticed (RFC 6120 section 4.6.1).
    public var keepAlive = Duration.seconds(60)
    /// Without a stanza until the stream is closed.
    public var idle = Duration.seconds(600)
    /// For the peer to close its half after we closed ours (RFC 6120 section 4.4).
    public var closing = Duration.seconds(5)
    /// Until an acknowledgement that waits for work to finish is sent for what has finished.
    public var acknowledgement = Duration.milliseconds(500)

    public init() {}
}
