import NIOCore
package import SIPGrammar

extension SIPTransport {
    /// Sends a response whose transaction another process had: to where its topmost Via says that the request came from.
    ///
    /// - Returns: false if that is no address of a transport that is spoken here.
    package func respond(astray response: SIPResponse) -> Bool {
        loop.assertInEventLoop()
        guard let via = try? response.headers.topVia(),
            let transport = TransportProtocol(rawValue: via.transport.lowercased()), !transport.isWebSocket,
            let target = TransportTarget(
                transport,
                ipAddress: via.received ?? via.host.text,
                port: via.rport ?? via.port ?? transport.defaultPort,
                name: transport.isSecure ? via.host.text : nil
            )
        else { return false }
        send(ByteBuffer(bytes: response.octets), to: target) { [metrics] outcome in
            if case .failed = outcome { metrics.drop(.unsent) }
        }
        return true
    }
}
