package import NIOCore
package import SIPGrammar

/// How much a transport takes before it refuses.
package struct TransportLimits: Hashable, Sendable {
    package var grammar: SIPLimits
    /// Connections open at one time, in both directions.
    package var connections: Int
    /// Connections that one address may have made to us at one time.
    package var connectionsOfOneAddress: Int
    /// A connection over which nothing went for so long is closed; RFC 3261 section 18 asks for 64·T1 and more.
    package var idle: TimeAmount
    /// A message that has begun must end within this; a connection must bring its first message within it.
    package var incomplete: TimeAmount
    /// How long to try to connect.
    package var connect: TimeAmount
    /// Octets that wait to be taken by a peer that we connected to.
    package var outgoing: Int
    /// Octets that wait to be taken by a peer that connected to us: answers, which are short.
    package var answers: Int

    package init(
        grammar: SIPLimits = .standard,
        connections: Int = 1_024,
        connectionsOfOneAddress: Int = 256,
        idle: TimeAmount = .seconds(300),
        incomplete: TimeAmount = .seconds(32),
        connect: TimeAmount = .seconds(4),
        outgoing: Int = 1_048_576,
        answers: Int = 131_072
    ) {
        self.grammar = grammar
        self.connections = connections
        self.connectionsOfOneAddress = connectionsOfOneAddress
        self.idle = idle
        self.incomplete = incomplete
        self.connect = connect
        self.outgoing = outgoing
        self.answers = answers
    }
}
