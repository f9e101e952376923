package import SIPGrammar

/// Who is told what comes in, on the transport's event loop.
package protocol SIPTransportUser: AnyObject {
    func received(_ request: ReceivedRequest)
    /// A response came whose top Via is ours.
    func received(_ response: SIPResponse, via: SIPVia)
    /// A connection that requests were sent over has ended; whatever it was to bring will not come.
    func lost(_ connection: ConnectionID)
    /// A datagram to this destination was refused (ICMP port unreachable and its kin, RFC 3261 section 18.4).
    func refused(_ target: TransportTarget)
}
