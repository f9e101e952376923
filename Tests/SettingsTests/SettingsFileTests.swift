import Logging
import Settings
import Telemetry
import Testing

/// The configuration file.
@Suite struct SettingsFileTests {
    /// The example of the architecture, every key of it.
    private let whole = """
        domains: [sip.example]
        xmpp-domains: []
        sip:
          listen: [udp://0.0.0.0:5060, tcp://0.0.0.0:5060, tls://0.0.0.0:5061]
          advertise: gw.sip.example
          outbound-proxy: sip:127.0.0.1:5070;transport=tcp
          trusted: [127.0.0.0/8, "::1/128"]
          message-mode: auto
        xmpp:
          listen: [xmpp://0.0.0.0:5269]
          components:
            - {host: 127.0.0.1, port: 5347, domain: sip.example, secret: s3cret}
          s2s-security: required
          routes: {wonder.example: "xmpp://127.0.0.1:5299"}
        tls: {certificate: cert.pem, key: key.pem, trust: system, reload: 1h}
        media:
          msrp: {listen: [msrp://0.0.0.0:2855, msrps://0.0.0.0:2856], advertise: gw.sip.example}
          bytestreams: {listen: 0.0.0.0:7777, advertise: gw.sip.example}
          rtpengine: [udp://127.0.0.1:2223]
        rooms: {sip: conference.sip.example}
        bus: {connect: [tcp://127.0.0.1:5550], listen: tcp://127.0.0.1:5550, curve: {}}
        store: sqlite:causeway.db
        console: {listen: 127.0.0.1:8080}
        health: {listen: null}
        dns: {server: null}
        limits: {stanza: 262144, sip-message: 65536, depth: 64, per-peer-rate: 200/s}
        log: {level: info, format: text}
        """

    @Test func `reads the whole example`() throws {
        let settings = try load(whole)
        #expect(settings.domains == ["sip.example"])
        #expect(settings.xmppDomains == [])
        #expect(settings.sip.listen.map(\.scheme) == [.udp, .tcp, .tls])
        #expect(settings.sip.listen.map(\.port) == [5060, 5060, 5061])
        #expect(settings.sip.advertise == "gw.sip.example")
        #expect(settings.sip.outboundProxy == NextHop("sip:127.0.0.1:5070;transport=tcp"))
        #expect(settings.sip.trusted.map(\.description) == ["127.0.0.0/8", "::1/128"])
        #expect(settings.sip.messageMode == .auto)
        #expect(settings.xmpp.listen == [ListenAddress(scheme: .xmpp, host: "0.0.0.0", port: 5269)])
        let component = Component(
            host: "127.0.0.1",
            port: 5347,
            domain: "sip.example",
            secret: Secret("s3cret")
        )
        #expect(settings.xmpp.components == [component])
        #expect(settings.xmpp.s2sSecurity == .required)
        #expect(
            settings.xmpp.routes == [
                "wonder.example": ListenAddress(scheme: .xmpp, host: "127.0.0.1", port: 5299)
            ]
        )
        #expect(settings.tls.usual == TLSFiles(certificate: "cert.pem", key: "key.pem", trust: .system))
        #expect(settings.tls.reload == .seconds(3600))
        #expect(settings.media.msrpListen.map(\.port) == [2855, 2856])
        #expect(settings.media.bytestreamsListen == HostPort(host: "0.0.0.0", port: 7777))
        #expect(settings.media.rtpengine.map(\.description) == ["udp://127.0.0.1:2223"])
        #expect(settings.rooms.sip == "conference.sip.example")
        #expect(settings.bus.connect == [.tcp(host: "127.0.0.1", port: 5550)])
        #expect(settings.bus.listen == .tcp(host: "127.0.0.1", port: 5550))
        #expect(settings.bus.curve == nil)
        #expect(settings.store == .sqlite(path: "causeway.db"))
        #expect(settings.console.listen == HostPort(host: "127.0.0.1", port: 8080))
        #expect(settings.health.listen == nil)
        #expect(settings.dns.server == nil)
        #expect(settings.limits.stanza == 262_144)
        #expect(settings.limits.sipMessage == 65_536)
        #expect(settings.limits.depth == 64)
        #expect(settings.limits.perPeerRate == Rate(count: 200, per: .seconds(1)))
        #expect(settings.log.level == .info)
        #expect(settings.log.format == .text)
    }

    @Test(arguments: [
        "", "# nothing\n", "{}", "null", "sip:\nxmpp: {}\n", "sip: {listen: null, advertise: }",
    ])
    func `a file that says nothing leaves the defaults`(text: String) throws {
        let settings = try load(text)
        #expect(settings.domains.isEmpty)
        #expect(settings.sip.listen.count == 3)
        #expect(settings.sip.t1 == .milliseconds(500))
        #expect(settings.xmpp.maxStanza == 10_000)
        #expect(settings.im.split)
        #expect(settings.im.pageMaxOctets == 1300)
        #expect(settings.im.bounceWindow == .milliseconds(300))
        #expect(settings.im.correctionPrefix == "* ")
        #expect(settings.presence.expires == .seconds(3600))
        #expect(settings.calls.sessionExpires == .seconds(1800))
        #expect(settings.files.maxFile == 2_147_483_648)
        #expect(settings.shutdown.grace == .seconds(20))
        #expect(settings.keysSet.isEmpty)
        #expect(settings.keysWithoutEffect.isEmpty)
    }

    @Test func `one value may stand where a list is meant`() throws {
        let settings = try load("domains: a.example\nsip: {listen: 'udp://[::]:5060'}\nxmpp: {listen: []}")
        #expect(settings.domains == ["a.example"])
        #expect(settings.sip.listen == [ListenAddress(scheme: .udp, host: "::", port: 5060)])
        #expect(settings.xmpp.listen.isEmpty)
    }

    @Test func `a key may be written in one line`() throws {
        let settings = try load("sip.t1: 1s\nmedia: {msrp.advertise: a.example}\nsip: {message-mode: page}")
        #expect(settings.sip.t1 == .seconds(1))
        #expect(settings.media.msrpAdvertise == "a.example")
        #expect(settings.sip.messageMode == .page)
    }

    @Test func `a component may be alone, short, and has usual places`() throws {
        let base = "domains: [a.example, b.example]\nxmpp: {components: "
        let alone = try load(base + "{domain: A.example, secret: x}}").xmpp.components
        #expect(alone == [Component(host: "127.0.0.1", port: 5347, domain: "a.example", secret: Secret("x"))])
        let short = try load(
            base + "['[::1]:5348/a.example?secret=x%26y', {domain: b.example, secret: 'p&q%'}]}"
        )
        #expect(
            short.xmpp.components == [
                Component(host: "::1", port: 5348, domain: "a.example", secret: Secret("x&y")),
                Component(host: "127.0.0.1", port: 5347, domain: "b.example", secret: Secret("p&q%")),
            ]
        )
    }

    @Test func `a domain may have files and manners of its own`() throws {
        let settings = try load(
            """
            tls:
              trust: ca.pem
              domains:
                Sip.Example: {certificate: a.pem, key: a.key}
                b.example: {trust: system}
            im: {pager-as: chat, domains: {b.example: {from-gruu: never}}}
            """
        )
        let own = TLSFiles(certificate: "a.pem", key: "a.key", trust: .file("ca.pem"))
        #expect(settings.tls.files(for: "sip.example") == own)
        #expect(settings.tls.files(for: "b.example") == TLSFiles(certificate: nil, key: nil, trust: .system))
        #expect(settings.tls.files(for: "c.example") == settings.tls.usual)
        #expect(settings.im.manners(for: "b.example").fromGRUU == .never)
        #expect(settings.im.manners(for: "b.example").pagerAs == .chat)
        #expect(settings.im.manners(for: "c.example").fromGRUU == .auto)
    }

    @Test func `domains are compared in lower case without the final dot`() throws {
        #expect(
            try load("domains: [SIP.Example., tschüss.example]").domains == [
                "sip.example", "tschüss.example",
            ]
        )
    }

    @Test func `a password in a store's URI is not shown`() throws {
        let settings = try load("store: postgresql://user:hunter2@db/causeway")
        #expect(!"\(settings.store)\(settings)".contains("hunter2"))
        guard case .postgreSQL(let uri) = settings.store else { return #expect(Bool(false)) }
        #expect(uri.revealed == "postgresql://user:hunter2@db/causeway")
    }

    @Test func `says which keys do nothing yet`() throws {
        let settings = try load("store: sqlite:x\ncalls: {ring-timeout: 60s}\nlog: {level: debug}")
        #expect(settings.keysWithoutEffect == ["calls.ring-timeout"])
        #expect(settings.keysSet == ["calls.ring-timeout", "log.level", "store"])
        #expect(try load("sip: {listen: [udp://0.0.0.0, wss://0.0.0.0]}").keysWithoutEffect.isEmpty)
    }

    @Test func `equal texts are equal configurations`() throws {
        #expect(try load(whole) == load(whole))
        #expect(try load(whole) != load(""))
    }
}
