package import SIPGrammar

/// Who is told what comes in. All calls are on the transport's event loop.
package protocol SIPTransportUser: AnyObject {
    func received(_ request: ReceivedRequest)
    func received(_ response: SIPResponse, from origin: MessageOrigin)
    /// A connection that requests were sent over has ended; whatever it was to bring will not come.
    func lost(_ connection: ConnectionID)
    /// A datagram to this destination was refused (ICMP port unreachable and its kin, RFC 3261 section 18.4).
    func refused(_ target: TransportTarget)
}
