package import Telemetry

extension Settings {
    /// `sip`: the SIP side.
    package struct SIP: Hashable, Sendable {
        package let listen: [ListenAddress]
        package let advertise: String?
        package let outboundProxy: NextHop?
        package let trusted: [CIDR]
        package let messageMode: MessageMode
        package let t1: Duration
        package let telDomain: String?
        package let pstnDomains: [String]
        package let ipHosts: [String]
        /// Next hops by domain or `*.suffix`.
        package let routes: [String: NextHop]
        /// What we ask others to prove themselves for; nil: made from the domains.
        package let realm: String?
        /// What nonces are made with; the same on every replica.
        package let nonceSecret: Secret?
        package let accounts: [SIPAccountEntry]
        package let credentials: [SIPCredentialEntry]
        package let registrations: [SIPRegistrationEntry]

        /// How XMPP chat leaves (RFC 7572, RFC 7573).
        package enum MessageMode: String, Hashable, Sendable, CaseIterable {
            case auto
            case page
            case session
        }
    }
}

extension Settings.SIP {
    init(_ keys: inout KeyReader) throws(SettingsError) {
        listen = try keys.list(
            "sip.listen",
            of: .listen(.udp, .tcp, .tls, .ws, .wss),
            default: ["udp://0.0.0.0:5060", "tcp://0.0.0.0:5060", "tls://0.0.0.0:5061"],
            "where SIP arrives"
        )
        advertise = try keys.optional(
            "sip.advertise",
            .host,
            otherwise: "the listening address",
            "host for Via, Contact and Record-Route, with the port of the transport used"
        )
        outboundProxy = try keys.optional(
            "sip.outbound-proxy",
            .nextHop,
            otherwise: "DNS (RFC 3263)",
            "where SIP requests for our domains go; without transport: UDP, TCP above 1300 octets"
        )
        trusted = try keys.list(
            "sip.trusted",
            of: .network,
            default: ["127.0.0.0/8", "::1/128"],
            "peers believed about From and P-Asserted-Identity; others need TLS identity or digest"
        )
        messageMode = try keys.value(
            "sip.message-mode",
            .choice(),
            default: "auto",
            "how XMPP chat leaves: page (RFC 7572), session (RFC 7573), or whichever the peer takes",
            .later
        )
        t1 = try keys.value(
            "sip.t1",
            .duration(.milliseconds(10)...(.seconds(10))),
            default: "500ms",
            "round-trip time estimate that SIP's timers are multiples of (RFC 3261 17.1.1.1)"
        )
        telDomain = try keys.optional(
            "sip.tel-domain",
            .domain,
            "domain that stands for telephone numbers without one (tel: URIs)"
        )
        pstnDomains = try keys.list(
            "sip.pstn-domains",
            of: .domain,
            "domains whose users are telephone numbers: they are called with user=phone"
        )
        ipHosts = try keys.list(
            "sip.ip-hosts",
            of: .address,
            "IP addresses that count as domains in SIP URIs; all others are refused"
        )
        routes = try keys.map(
            "sip.routes",
            of: .nextHop,
            "next hops of SIP domains, before `sip.outbound-proxy` and DNS: wonder.example: \"sip:192.0.2.1;transport=tcp\"; `*.example` is every domain below",
            takesSuffixes: true
        )
        realm = try keys.optional(
            "sip.realm",
            .realm,
            otherwise: "the first of domains",
            "the realm of our own challenges, which hashes in `sip.accounts` are made with"
        )
        nonceSecret = try keys.optional(
            "sip.nonce-secret",
            .secret,
            otherwise: "a random one",
            "secret of digest nonces; the same on every replica"
        )
        accounts = try Self.accounts(&keys)
        credentials = try Self.credentials(&keys)
        registrations = try Self.registrations(&keys)
    }
}
