package import SIPGrammar
import SIPTransport

/// The parts of a URI that say where it leads: whoever writes to the same ones goes the same way.
package struct LocatingSubject: Hashable, Sendable {
    /// What RFC 3263 calls TARGET, `maddr` or else the host; nil if `maddr` is no host.
    let target: SIPHost?
    /// The domain that was asked for, which a certificate must name whatever the DNS and `maddr` say (RFC 5922
    /// section 7.3).
    let domain: SIPHost
    let port: Int?
    /// As it was written, in small letters.
    let transport: String?
    /// Whether the scheme is `sips`.
    let isSecure: Bool

    package init(_ uri: SIPURI) {
        domain = uri.host
        if let maddr = uri.parameters.value("maddr") { target = SIPHost(maddr) } else { target = uri.host }
        port = uri.port
        transport = uri.transport
        isSecure = uri.isSecure
    }

    /// The transport that the URI names (RFC 3263 section 4.1).
    ///
    /// In a `sips:` URI the parameter names what is below TLS (RFC 3261 section 19.1.2, RFC 7118 section 5.5), and
    /// `transport=tls` is how RFC 2543 and many since say TLS in a `sip:` URI (RFC 5630 section 3.1.4).
    var named: NamedTransport {
        switch (transport, isSecure) {
        case (nil, _): .none
        case ("udp", false): .one(.udp)
        case ("tcp", false): .one(.tcp)
        case ("tls", _), ("tcp", true): .one(.tls)
        case ("ws", false): .one(.ws)
        case ("wss", _), ("ws", true): .one(.wss)
        case (let other?, _): .unknown(other)
        }
    }

    enum NamedTransport: Hashable {
        case none
        case one(TransportProtocol)
        case unknown(String)
    }
}

extension SIPHost {
    /// Whether it is an address and not a name.
    var isAddress: Bool {
        switch self {
        case .name: false
        case .ipv4, .ipv6: true
        }
    }
}
