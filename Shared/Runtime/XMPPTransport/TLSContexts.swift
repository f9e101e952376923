import NIOSSL

/// Our certificate and whom we trust, ready for use by any number of connections.
package struct TLSContexts: Sendable {
    let server: NIOSSLContext
    let client: NIOSSLContext
    let trust: TLSTrust
    /// Whether the certificate was configured, and so may prove who we are; one made at start proves nothing.
    package let provesUs: Bool

    package init(_ identity: TLSIdentity, trust: TLSTrust) throws {
        self.trust = trust
        provesUs = identity.wasConfigured
        let chain = identity.chain.map { NIOSSLCertificateSource.certificate($0) }
        var server = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain,
            privateKey: .privateKey(identity.key)
        )
        server.applicationProtocols = ["xmpp-server"]
        // A certificate is asked for and any is taken: ``TLSSession`` looks at it afterwards.
        server.certificateVerification = .optionalVerification
        server.trustRoots = .certificates([])
        var client = TLSConfiguration.makeClientConfiguration()
        client.applicationProtocols = ["xmpp-server"]
        client.certificateChain = chain
        client.privateKey = .privateKey(identity.key)
        client.certificateVerification = .noHostnameVerification
        client.trustRoots = .certificates([])
        self.server = try NIOSSLContext(configuration: server)
        self.client = try NIOSSLContext(configuration: client)
    }
}
