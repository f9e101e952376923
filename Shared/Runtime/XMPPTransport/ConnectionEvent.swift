package import XMPPGrammar
package import XMPPStreams

/// What happens on a connection.
package enum ConnectionEvent: Sendable {
    case stream(StreamEvent)
    /// What came is no XML that a stream may have; nothing more will be read.
    case violated(StreamError)
    /// TLS is up; nil when the peer showed no certificate.
    case secured(PeerCertificate?)
    /// The TLS handshake failed.
    case insecure(String)
    /// Everything up to this mark has been written to the socket.
    case wrote(UInt64)
    /// The connection is gone. Nothing comes after this.
    case disconnected
}

/// Who is told what happens on a connection, on its event loop.
package protocol ConnectionOwner: AnyObject {
    func connection(_ connection: XMPPConnection, did event: ConnectionEvent)
}
