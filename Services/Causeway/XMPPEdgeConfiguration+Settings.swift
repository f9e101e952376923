import Settings
import Telemetry
import TransportSecurity
import XMPPEdge
import XMPPStreams
import XMPPTransport

extension XMPPEdgeConfiguration {
    /// What the settings say to an XMPP edge.
    ///
    /// `certificates`: those that the settings name.
    init(_ settings: Settings, _ certificates: TLSKeeper?) {
        self.init(domains: Set(settings.domains))
        self.certificates = certificates
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
        dialbackSecret = settings.xmpp.dialbackSecret?.revealed
        perPeerRate = settings.limits.perPeerRate.perSecond
        limits.stanza = settings.limits.stanza
        limits.depth = settings.limits.depth
    }
}
