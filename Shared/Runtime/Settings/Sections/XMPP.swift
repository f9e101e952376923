package import Telemetry

extension Settings {
    /// `xmpp`: the XMPP side.
    package struct XMPP: Hashable, Sendable {
        package let listen: [ListenAddress]
        package let components: [Component]
        package let s2sSecurity: S2SSecurity
        package let routes: [String: ListenAddress]
        package let maxStanza: Int
        package let dialbackSecret: Secret?

        /// What a server-to-server stream has to prove (RFC 6120 13.7, XEP-0220).
        package enum S2SSecurity: String, Hashable, Sendable, CaseIterable {
            /// TLS with a certificate valid for the domain; then EXTERNAL, or dialback over it.
            case required
            /// TLS with any certificate, and dialback.
            case dialback
            /// For tests.
            case insecure
        }
    }
}

extension Settings.XMPP {
    init(_ keys: inout KeyReader) throws(SettingsError) {
        listen = try keys.list(
            "xmpp.listen",
            of: .listen(.xmpp, .xmpps),
            default: ["xmpp://0.0.0.0:5269"],
            "where XMPP servers reach us; xmpps:// is direct TLS; an empty list is no server-to-server"
        )
        components = try Self.components(&keys)
        s2sSecurity = try keys.value(
            "xmpp.s2s-security",
            .choice(),
            default: "required",
            "required: TLS with a valid certificate; dialback: TLS with any, and dialback; insecure: for tests"
        )
        routes = try keys.map(
            "xmpp.routes",
            of: .target(.xmpp, .xmpps),
            "next hops of XMPP domains, before DNS: wonder.example: \"xmpp://127.0.0.1:5299\""
        )
        maxStanza = try keys.value(
            "xmpp.max-stanza",
            .octets(10_000...1_048_576),
            default: "10000",
            "largest stanza that the XMPP servers take from us (RFC 6120 13.12)"
        )
        dialbackSecret = try keys.optional(
            "xmpp.dialback-secret",
            .secret,
            otherwise: "a random one",
            "secret of dialback keys (XEP-0185); the same on every replica"
        )
    }

    private static func components(_ keys: inout KeyReader) throws(SettingsError) -> [Component] {
        let key = "xmpp.components"
        let rows = try keys.records(
            key,
            fields: ["host", "port", "domain", "secret"],
            "links to a local XMPP server (XEP-0114); one entry a domain, the rooms' host too"
        )
        var components: [Component] = []
        for (number, row) in rows.enumerated() {
            let path = "\(key)[\(number)]"
            let host = try keys.field("host", .host, of: row, at: path, in: key, default: "127.0.0.1")
            let port = try keys.field(
                "port",
                .number(1...65_535),
                of: row,
                at: path,
                in: key,
                default: "5347"
            )
            guard let host, let port else { continue }
            guard let domain = try keys.field("domain", .domain, of: row, at: path, in: key) else {
                throw keys.missing("domain", at: path, in: key, "the domain that the component serves")
            }
            guard let secret = try keys.field("secret", .secret, of: row, at: path, in: key) else {
                throw keys.missing(
                    "secret",
                    at: path,
                    in: key,
                    "the secret that the XMPP server has for \(domain)"
                )
            }
            components.append(Component(host: host, port: port, domain: domain, secret: secret))
        }
        return components
    }
}
