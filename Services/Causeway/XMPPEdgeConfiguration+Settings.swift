import Settings
import Telemetry
import TransportSecurity
import XMPPEdge
import XMPPStreams
import XMPPTransport

extension XMPPEdgeConfiguration {
    /// What the settings say to an XMPP edge.
    ///
    /// - Throws: when a certificate, a key or the authorities cannot be read.
    init(_ settings: Settings) throws {
        self.init(domains: Set(settings.domains))
        guestDomains = Set(settings.xmppDomains)
        listeners = settings.xmpp.listen.map {
            Listener(host: $0.host, port: $0.port, isDirectTLS: $0.scheme == .xmpps)
        }
        components = settings.xmpp.components.map {
            Component(host: $0.host, port: $0.port, domain: $0.domain, secret: $0.secret.revealed)
        }
        security =
            switch settings.xmpp.s2sSecurity {
            case .required: .required
            case .dialback: .dialback
            case .insecure: .insecure
            }
        routes = settings.xmpp.routes.mapValues {
            Route(host: $0.host, port: $0.port, isDirectTLS: $0.scheme == .xmpps)
        }
        if let certificate = settings.tls.usual.certificate, let key = settings.tls.usual.key {
            do {
                identity = try TLSIdentity(certificateFile: certificate, keyFile: key)
            } catch {
                throw TLSFileError(
                    key: "tls.certificate",
                    file: "\(certificate) with \(key)",
                    reason: "\(error)"
                )
            }
        }
        if case .file(let file) = settings.tls.usual.trust {
            do {
                trust = try .file(file)
            } catch {
                throw TLSFileError(key: "tls.trust", file: file, reason: "\(error)")
            }
        }
        dialbackSecret = settings.xmpp.dialbackSecret?.revealed
        perPeerRate = settings.limits.perPeerRate.perSecond
        limits.stanza = settings.limits.stanza
        limits.depth = settings.limits.depth
    }
}
