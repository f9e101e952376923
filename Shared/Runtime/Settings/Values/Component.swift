package import Telemetry

/// A link to a local XMPP server as one of its components (XEP-0114).
package struct Component: Hashable, Sendable {
    package let host: String
    package let port: Int
    package let domain: String
    package let secret: Secret

    package init(host: String, port: Int, domain: String, secret: Secret) {
        self.host = host
        self.port = port
        self.domain = domain
        self.secret = secret
    }
}
