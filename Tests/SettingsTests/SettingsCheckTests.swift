import Settings
import Telemetry
import Testing

/// Values that are each right and do not go together.
@Suite struct SettingsCheckTests {
    @Test(arguments: [
        ("domains: [a.example, b.example]\nxmpp-domains: [b.example]", "xmpp-domains", "b.example"),
        ("domains: a.example\nrooms: {sip: a.example}", "rooms.sip", "a.example"),
        ("xmpp-domains: a.example\nrooms: {sip: a.example}", "rooms.sip", "a.example"),
        (
            "xmpp-domains: x.example\nxmpp: {components: {domain: x.example, secret: s}}", "xmpp.components",
            "x.example"
        ),
        (
            "domains: a.example\nxmpp: {components: {domain: b.example, secret: s}}", "xmpp.components",
            "b.example"
        ),
        (
            "domains: a.example\nxmpp: {components: {domain: ba.example, secret: s}}", "xmpp.components",
            "ba.example"
        ),
        ("sip: {advertise: 0.0.0.0}", "sip.advertise", "0.0.0.0"),
        ("sip: {advertise: '::'}", "sip.advertise", "::"),
        ("tls: {certificate: a.pem}", "tls.certificate", "a.pem"), ("tls: {key: a.key}", "tls.key", "a.key"),
        ("presence: {expires: 2h, max-expires: 1h}", "presence.expires", "2h"),
        ("presence: {max-expires: 30m}", "presence.max-expires", "30m"),
        ("calls: {session-expires: 100s, min-se: 2m}", "calls.min-se", "2m"),
        ("sip: {listen: [udp://0.0.0.0:5060, udp://0.0.0.0:5060]}", "sip.listen", "udp://0.0.0.0:5060"),
        ("sip: {listen: [tcp://0.0.0.0:5060, tcp://127.0.0.1:5060]}", "sip.listen", "tcp://127.0.0.1:5060"),
        ("sip: {listen: [tcp://h:5060, tls://h:5060]}", "sip.listen", "tls://h:5060"),
        (
            "sip: {listen: tcp://127.0.0.1:5269}\nxmpp: {listen: xmpp://0.0.0.0:5269}", "xmpp.listen",
            "xmpp://0.0.0.0:5269"
        ),
        (
            "sip: {listen: tcp://127.0.0.1:80}\nconsole: {listen: 127.0.0.1:80}", "console.listen",
            "127.0.0.1:80"
        ),
    ])
    func `a contradiction is an error`(text: String, key: String, value: String) {
        let error = fault(text)
        #expect(error?.code == .conflict)
        #expect(error?.key == key)
        #expect(error?.value == value)
        #expect(error?.origin?.hasPrefix("causeway.yaml line ") == true)
    }

    @Test(arguments: [
        "domains: [a.example, sub.a.example]\nxmpp-domains: [xmpp.a.example]",
        "domains: a.example\nxmpp: {components: [{domain: a.example, secret: s}, {domain: conf.a.example, secret: s}]}",
        "domains: a.example\nrooms: {sip: c.example}\nxmpp: {components: {domain: c.example, secret: s}}",
        "sip: {listen: [udp://0.0.0.0:5060, tcp://0.0.0.0:5060, 'tcp://[::]:5060', tls://0.0.0.0:5061]}",
        "sip: {listen: [udp://127.0.0.1:0, udp://127.0.0.1:0]}",
        "sip: {listen: [udp://10.0.0.1, udp://10.0.0.2]}",
        "sip: {listen: tcp://127.0.0.1:8080}", "sip: {advertise: 192.0.2.1}",
    ])
    func `what goes together is accepted`(text: String) {
        #expect(fault(text) == nil)
    }

    @Test(arguments: [
        ("xmpp: {components: [{domain: a.example}]}", "xmpp.components[0].secret"),
        ("xmpp: {components: [{secret: s}]}", "xmpp.components[0].domain"),
        ("tls: {domains: {a.example: {certificate: x}}}", "tls.domains.a.example.key"),
        ("tls: {domains: {a.example: {key: x}}}", "tls.domains.a.example.certificate"),
        ("bus: {connect: []}", "bus.connect"),
        ("bus: {curve: {secret-key: 'rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7'}}", "bus.curve.server-key"),
    ])
    func `what is missing is named`(text: String, key: String) {
        #expect(fault(text)?.code == .missing)
        #expect(fault(text)?.key == key)
    }

    @Test func `two components for one domain are an error`() {
        let text = """
            domains: a.example
            xmpp: {components: [{domain: a.example, secret: s}, {domain: A.example, secret: t}]}
            """
        #expect(fault(text)?.code == .duplicateKey)
        #expect(fault(text)?.value == "a.example")
    }

    @Test func `CURVE keys go together`() throws {
        let key = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
        let settings = try load("bus: {curve: {server-key: '\(key)'}}")
        #expect(settings.bus.curve?.serverKey.revealed == key)
        #expect(settings.bus.curve?.secretKey == nil)
    }
}
