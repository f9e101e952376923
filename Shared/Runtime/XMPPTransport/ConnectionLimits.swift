package import NIOCore

/// What one connection may cost.
package struct ConnectionLimits: Hashable, Sendable {
    /// The largest stanza that is read, in octets.
    package var stanza = 262_144
    /// How deep elements may nest.
    package var depth = 64
    /// How much may wait to be written, in octets.
    package var outbound = 4 << 20
    /// How long the connection and its TLS handshake may take.
    package var connect = TimeAmount.seconds(10)
    /// How long what was sent may stay unacknowledged by the peer's host before the connection counts as lost.
    package var unacknowledged = TimeAmount.seconds(30)
    /// How long a peer may keep a connection that we have closed.
    package var linger = TimeAmount.seconds(2)

    package init() {}
}
