package import Logging
package import Telemetry

extension Settings {
    /// `console`: the web page, metrics and health of `run` and `console`.
    package struct Console: Hashable, Sendable {
        package let listen: HostPort?
    }

    /// `health`: metrics and health of any single service.
    package struct Health: Hashable, Sendable {
        package let listen: HostPort?
    }

    /// `dns`: which resolver is asked.
    package struct DNS: Hashable, Sendable {
        package let server: HostPort?
        /// What signatures are verified with (RFC 4033); nil verifies nothing.
        package let trustAnchor: String?
    }

    /// `limits`: what a peer may do to us.
    package struct Limits: Hashable, Sendable {
        package let stanza: Int
        package let sipMessage: Int
        package let depth: Int
        package let perPeerRate: Rate
        package let perUserRate: Rate
    }

    /// `log`: what is written to standard error.
    package struct Log: Hashable, Sendable {
        package let level: Logger.Level
        package let format: LogFormat
    }

    /// `shutdown`: how the process ends.
    package struct Shutdown: Hashable, Sendable {
        package let grace: Duration
    }
}

extension Settings.Console {
    init(_ keys: inout KeyReader) throws(SettingsError) {
        listen = try keys.value(
            "console.listen",
            .listen,
            default: "127.0.0.1:8080",
            "web page, /metrics (Prometheus), /livez and /readyz of 'run' and 'console'",
            .later
        )
    }
}

extension Settings.Health {
    init(_ keys: inout KeyReader) throws(SettingsError) {
        listen = try keys.optional(
            "health.listen",
            .listen,
            "/metrics, /livez and /readyz of any single service",
            .later
        )
    }
}

extension Settings.DNS {
    init(_ keys: inout KeyReader) throws(SettingsError) {
        server = try keys.optional(
            "dns.server",
            .server(defaultPort: 53),
            otherwise: "the system's",
            "a resolver to ask instead of the system's, without its hosts file"
        )
        trustAnchor = try keys.optional(
            "dns.trust-anchor",
            .file,
            otherwise: "nothing is verified",
            "the root's keys, to verify signed answers with (DNSSEC): /usr/share/dns/root.key where dns-root-data is installed"
        )
    }
}

extension Settings.Limits {
    init(_ keys: inout KeyReader) throws(SettingsError) {
        stanza = try keys.value(
            "limits.stanza",
            .octets(10_000...16_777_216),
            default: "262144",
            "largest stanza that we take (RFC 6120 13.12)"
        )
        sipMessage = try keys.value(
            "limits.sip-message",
            .octets(1300...1_048_576),
            default: "65536",
            "largest SIP message that we take; above it 513"
        )
        depth = try keys.value(
            "limits.depth",
            .number(8...1024),
            default: "64",
            "deepest nesting of elements in a stanza"
        )
        perPeerRate = try keys.value(
            "limits.per-peer-rate",
            .rate,
            default: "200/s",
            "requests of one source address that is not in `sip.trusted` (SIP), stanzas of one authenticated domain (XMPP)"
        )
        perUserRate = try keys.value(
            "limits.per-user-rate",
            .rate,
            default: "100/s",
            "requests of one believed SIP sender, whatever proxies they come through"
        )
    }
}

extension Settings.Log {
    init(_ keys: inout KeyReader) throws(SettingsError) {
        level = try keys.value(
            "log.level",
            .choice(),
            default: "info",
            "how much is said; message bodies never"
        )
        format = try keys.value(
            "log.format",
            .choice(),
            default: "text",
            "text for people, json for machines; both to standard error"
        )
    }
}

extension Settings.Shutdown {
    init(_ keys: inout KeyReader) throws(SettingsError) {
        grace = try keys.value(
            "shutdown.grace",
            .duration(.zero...(.seconds(3600))),
            default: "20s",
            "how long what is in flight may take to finish after SIGTERM"
        )
    }
}
