package import NIOCore
package import SIPGrammar

/// How much a transport takes before it refuses.
package struct TransportLimits: Hashable, Sendable {
    package var grammar: SIPLimits
    /// Connections open at one time, in both directions.
    package var connections: Int
    /// Connections that one address may have made to us at one time.
    package var connectionsOfOneAddress: Int
    /// A connection made to us over which nothing went for so long is closed; RFC 3261 section 18 asks for 64·T1 and more.
    package var idle: TimeAmount
    /// A connection that we made is closed when no message went over it for so long; until then it is kept open by
    /// ``keepAlive`` (RFC 5923 section 8.1).
    package var kept: TimeAmount
    /// A message that has begun must end within this; a connection must bring its first message within it.
    package var incomplete: TimeAmount
    /// How long to try to connect.
    package var connect: TimeAmount
    /// How long TLS and the upgrade to a WebSocket may take.
    package var handshake: TimeAmount
    /// A quiet connection of ours is pinged after this at the latest (RFC 5626 section 4.4.1).
    package var keepAlive: TimeAmount
    /// How long the answer to a ping may take.
    package var pong: TimeAmount
    /// Octets that wait to be taken by a peer that we connected to.
    package var outgoing: Int
    /// Octets that wait to be taken by a peer that connected to us: answers, which are short.
    package var answers: Int

    package init(
        grammar: SIPLimits = .standard,
        connections: Int = 1_024,
        connectionsOfOneAddress: Int = 256,
        idle: TimeAmount = .seconds(300),
        kept: TimeAmount = .hours(1),
        incomplete: TimeAmount = .seconds(32),
        connect: TimeAmount = .seconds(4),
        handshake: TimeAmount = .seconds(10),
        keepAlive: TimeAmount = .seconds(119),
        pong: TimeAmount = .seconds(10),
        outgoing: Int = 1_048_576,
        answers: Int = 131_072
    ) {
        self.grammar = grammar
        self.connections = connections
        self.connectionsOfOneAddress = connectionsOfOneAddress
        self.idle = idle
        self.kept = kept
        self.incomplete = incomplete
        self.connect = connect
        self.handshake = handshake
        self.keepAlive = keepAlive
        self.pong = pong
        self.outgoing = outgoing
        self.answers = answers
    }

    /// How often connections are looked at: often enough for the shortest of the limits.
    var sweep: TimeAmount {
        [.seconds(1), incomplete, idle, kept, handshake, keepAlive, pong].min() ?? .seconds(1)
    }
}
