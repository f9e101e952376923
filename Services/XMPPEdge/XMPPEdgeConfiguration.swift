package import TransportSecurity
import XMPPGrammar
package import XMPPStreams
package import XMPPTransport

/// What an XMPP edge is told at start.
package struct XMPPEdgeConfiguration: Sendable {
    /// Where servers connect to us.
    package struct Listener: Hashable, Sendable {
        package var host: String
        package var port: Int
        /// TLS from the first octet (`xmpps://`, XEP-0368).
        package var isDirectTLS: Bool

        package init(host: String, port: Int, isDirectTLS: Bool = false) {
            self.host = host
            self.port = port
            self.isDirectTLS = isDirectTLS
        }
    }

    /// A server that we attach to as one of its components (XEP-0114).
    package struct Component: Hashable, Sendable {
        package var host: String
        package var port: Int
        package var domain: String
        package var secret: String

        package init(host: String, port: Int, domain: String, secret: String) {
            self.host = host
            self.port = port
            self.domain = domain
            self.secret = secret
        }
    }

    /// A next hop that is known without the DNS.
    package struct Route: Hashable, Sendable {
        package var host: String
        package var port: Int
        package var isDirectTLS: Bool

        package init(host: String, port: Int, isDirectTLS: Bool = false) {
            self.host = host
            self.port = port
            self.isDirectTLS = isDirectTLS
        }
    }

    /// Domains that we are the XMPP service of.
    package var domains: Set<String>
    /// Domains whose users may write to any domain through us.
    package var guestDomains: Set<String> = []
    package var listeners: [Listener] = []
    package var components: [Component] = []
    package var security = StreamSecurity.required
    /// Next hops by domain, before the DNS.
    package var routes: [String: Route] = [:]
    /// Our certificates and whom we trust, read again when their files change; before ``identity`` and ``trust``.
    package var certificates: TLSKeeper?
    /// Nil: a certificate is made at start.
    package var identity: TLSIdentity?
    package var trust = TLSTrust.system
    /// What dialback keys are made from; the same on all replicas.
    ///
    /// Nil: drawn at start.
    package var dialbackSecret: String?
    /// Stanzas a second that one domain may send; nil for any number.
    package var perPeerRate: Double?
    /// How many connections may be open to us.
    package var mostConnections = 1_000
    /// How many stanzas may wait for one stream to be set up.
    package var mostWaiting = 2_000
    package var limits = ConnectionLimits()
    package var timeouts = StreamTimeouts()

    package init(domains: Set<String>) {
        self.domains = domains
    }

    var served: ServedDomains {
        ServedDomains(
            local: Set(domains.union(components.map(\.domain)).map(Self.canonical)),
            guests: Set(guestDomains.map(Self.canonical))
        )
    }

    /// The domains that we are a component for, as addresses have them.
    var componentDomains: Set<String> { Set(components.map { Self.canonical($0.domain) }) }

    var canonicalRoutes: [String: Route] {
        Dictionary(routes.map { (Self.canonical($0.key), $0.value) }) { first, _ in first }
    }

    /// A domain as addresses have it (RFC 7622 section 3.2); one that cannot be in an address stays as it is.
    static func canonical(_ domain: String) -> String {
        (try? JID(local: nil, domain: domain).domain) ?? domain
    }
}
