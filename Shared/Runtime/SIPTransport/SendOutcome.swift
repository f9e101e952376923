/// What became of a request that was to be sent.
package enum SendOutcome: Hashable, Sendable {
    /// It was handed to the system; over a connection, this one.
    case sent(ConnectionID?)
    case failed(SendFailure)
}

/// Why a message could not be sent; nothing of it has left.
package enum SendFailure: Hashable, Sendable {
    /// Nothing listens there: the connection was refused.
    case refused
    /// No way leads there, or the connection was not made in time.
    case unreachable
    /// No socket of ours can send there: no listener for this transport or family of addresses.
    case unsupported
    /// The peer does not read what is sent, or too many connections are open.
    case congested
    /// The datagram is larger than the system sends.
    case tooLarge
    case closed
    /// The peer did not show a certificate that is good enough, or the handshake failed; the text says why.
    case insecure(String)
}
