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
        ("bus: {curve: {public-key: 'rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7'}}", "bus.curve.server-key"),
        ("bus: {curve: {clients: ['rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7']}}", "bus.curve.server-key"),
        ("bus: {curve: {server-key: 'rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7'}}", "bus.curve.secret-key"),
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

    @Test func `one broker named twice is an error`() {
        let error = fault(
            "bus: {connect: [tcp://a.example:5550, tcp://b.example:5550, tcp://a.example:5550]}"
        )
        #expect(error?.code == .duplicateKey)
        #expect(error?.key == "bus.connect" && error?.value == "tcp://a.example:5550")
        #expect(fault("bus: {connect: [tcp://a.example:5550, tcp://b.example:5550]}") == nil)
    }

    @Test func `CURVE keys are read together, from a file and from variables`() throws {
        let (key, secret) = (
            "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7", "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6"
        )
        let file = try load(
            "bus: {curve: {server-key: '\(key)', secret-key: '\(secret)', clients: '\(key)'}}"
        )
        let variables = try load(environment: [
            "CAUSEWAY_BUS_CURVE_SERVER_KEY": key, "CAUSEWAY_BUS_CURVE_SECRET_KEY": secret,
            "CAUSEWAY_BUS_CURVE_PUBLIC_KEY": "", "CAUSEWAY_BUS_CURVE_CLIENTS": "\(key),\(secret)",
        ])
        #expect(file.bus.curve?.serverKey.revealed == key)
        #expect(file.bus.curve?.secretKey.revealed == secret)
        #expect(file.bus.curve?.publicKey == nil)
        #expect(file.bus.curve?.clients.map(\.revealed) == [key])
        #expect(variables.bus.curve?.clients.map(\.revealed) == [key, secret])
        #expect(file.keysWithoutEffect.isEmpty)
        #expect(try load().bus.curve == nil)
    }

    @Test(arguments: [
        "hunter2", "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf", "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf77",
        "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]y~7", "#####" + "rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]y",
        String(repeating: "é", count: 20),
    ])
    func `what is no CURVE key is refused and not shown`(text: String) {
        for key in ["server-key", "public-key", "secret-key", "clients"] {
            let error = fault("bus: {curve: {\(key): '\(text)'}}")
            #expect(error?.code == .badValue)
            #expect(error?.key == "bus.curve.\(key)")
            #expect(error?.description.contains(text) == false)
        }
    }
}
