import NIOCore
package import NIOSSL

/// Our certificates and whom we trust, ready for use by any number of connections.
///
/// The handshake asks for the peer's certificate and judges none: that is for whoever opened the connection to do, who
/// knows what names are right. TLS 1.2 is the least that is spoken; renegotiation is not (BoringSSL has none for
/// servers, and ours as client is off).
package struct TLSContexts: Sendable {
    package let server: NIOSSLContext
    /// For clients who are not asked for a certificate.
    package let serverOfStrangers: NIOSSLContext
    package let client: NIOSSLContext
    /// For every domain that has no entry of its own.
    package let usual: TLSCredentials
    private let domains: [String: TLSCredentials]
    private let peers = ExaminedPeers()

    /// Makes contexts.
    ///
    /// `domains`: what a client gets to see who names one of them (RFC 6066 section 3), lower case.
    /// `protocols`: for Application-Layer Protocol Negotiation (RFC 7301); none says nothing.
    package init(
        _ usual: TLSCredentials,
        domains: [String: TLSCredentials] = [:],
        protocols: [String] = []
    ) throws {
        self.usual = usual
        self.domains = domains
        let chain = usual.identity.chain.map { NIOSSLCertificateSource.certificate($0) }
        let key = NIOSSLPrivateKeySource.privateKey(usual.identity.key)
        var server = TLSConfiguration.makeServerConfiguration(certificateChain: chain, privateKey: key)
        server.minimumTLSVersion = .tlsv12
        server.applicationProtocols = protocols
        server.certificateVerification = .optionalVerification
        server.trustRoots = .certificates([])
        if !domains.isEmpty {
            let identities = domains.mapValues(\.identity)
            server.sslContextCallback = { hello, promise in
                let named = hello.serverHostname.flatMap { identities[Self.key($0)] }
                promise.succeed(named.map { .showing($0) } ?? .noChanges)
            }
        }
        var client = TLSConfiguration.makeClientConfiguration()
        client.minimumTLSVersion = .tlsv12
        client.applicationProtocols = protocols
        if usual.identity.wasConfigured {
            client.certificateChain = chain
            client.privateKey = key
        }
        client.certificateVerification = .noHostnameVerification
        client.trustRoots = .certificates([])
        client.renegotiationSupport = .none
        self.server = try NIOSSLContext(configuration: server)
        server.certificateVerification = .none
        serverOfStrangers = try NIOSSLContext(configuration: server)
        self.client = try NIOSSLContext(configuration: client)
    }

    /// Makes the verification of one handshake.
    package func examination(
        for purpose: CertificatePurpose,
        judge: @escaping TLSExamination.Judgement
    ) -> TLSExamination {
        TLSExamination(trust: usual.trust, purpose: purpose, peers: peers, judge: judge)
    }

    /// What there is for a domain.
    package func credentials(for domain: String) -> TLSCredentials { domains[Self.key(domain)] ?? usual }

    /// Whether the usual certificate was configured, and so may prove who we are.
    package var provesUs: Bool { usual.identity.wasConfigured }

    private static func key(_ name: String) -> String {
        let name = name.lowercased()
        return name.hasSuffix(".") ? String(name.dropLast()) : name
    }
}

extension NIOSSLContextConfigurationOverride {
    fileprivate static func showing(_ identity: TLSIdentity) -> NIOSSLContextConfigurationOverride {
        var changes = NIOSSLContextConfigurationOverride()
        changes.certificateChain = identity.chain.map { .certificate($0) }
        changes.privateKey = .privateKey(identity.key)
        return changes
    }
}
