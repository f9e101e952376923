import Logging
import Settings
import Telemetry
import Testing

/// The environment, the flags, and who wins.
@Suite struct SettingsSourcesTests {
    @Test func `flags win over the environment, which wins over the file`() throws {
        let text = "sip: {t1: 1s, advertise: file.example}\nlog: {level: debug, format: json}"
        let environment = ["CAUSEWAY_SIP_T1": "2s", "CAUSEWAY_LOG_LEVEL": "warning"]
        let settings = try load(text, environment: environment, arguments: ["--sip-t1", "3s"])
        #expect(settings.sip.t1 == .seconds(3))
        #expect(settings.log.level == .warning)
        #expect(settings.log.format == .json)
        #expect(settings.sip.advertise == "file.example")
    }

    @Test(arguments: [
        ["--sip-listen", "udp://127.0.0.1:0,tcp://127.0.0.1:0"],
        ["--sip.listen", "udp://127.0.0.1:0", "--sip-listen=tcp://127.0.0.1:0"],
        ["--SIP.listen=udp://127.0.0.1:0, tcp://127.0.0.1:0"],
    ])
    func `a flag may be written in several ways`(arguments: [String]) throws {
        #expect(try load(arguments: arguments).sip.listen.map(\.scheme) == [.udp, .tcp])
    }

    @Test func `a variable's list is separated by commas`() throws {
        let environment = ["CAUSEWAY_SIP_LISTEN": " udp://127.0.0.1:0, tcp://127.0.0.1:0 ", "PATH": "/bin"]
        #expect(try load(environment: environment).sip.listen.map(\.scheme) == [.udp, .tcp])
    }

    @Test func `an empty variable is an empty list, or none`() throws {
        let text =
            "xmpp: {listen: xmpp://127.0.0.1:0}\ndns: {server: 192.0.2.53}\nxmpp.routes: {a.example: xmpp://b}"
        let environment = ["CAUSEWAY_XMPP_LISTEN": "", "CAUSEWAY_DNS_SERVER": "", "CAUSEWAY_XMPP_ROUTES": ""]
        let settings = try load(text, environment: environment)
        #expect(settings.xmpp.listen.isEmpty)
        #expect(settings.xmpp.routes.isEmpty)
        #expect(settings.dns.server == nil)
    }

    @Test(arguments: [
        "wonder.example=xmpp://127.0.0.1:5299,b.example=xmpps://[::1]",
        "{wonder.example: 'xmpp://127.0.0.1:5299', b.example: 'xmpps://[::1]:5270'}",
        #"{"wonder.example": "xmpp://127.0.0.1:5299", "b.example": "xmpps://[::1]:5270"}"#,
    ])
    func `routes as a variable or a flag`(text: String) throws {
        for settings in [
            try load(environment: ["CAUSEWAY_XMPP_ROUTES": text]),
            try load(arguments: ["--xmpp-routes", text]),
        ] {
            #expect(settings.xmpp.routes["wonder.example"]?.port == 5299)
            #expect(
                settings.xmpp.routes["b.example"] == ListenAddress(scheme: .xmpps, host: "::1", port: 5270)
            )
        }
    }

    @Test(arguments: [
        "127.0.0.1:5348/sip.example?secret=a%2Cb",
        "127.0.0.1/sip.example?port=5348&secret=a%2cb",
        #"[{"host": "127.0.0.1", "port": 5348, "domain": "sip.example", "secret": "a,b"}]"#,
        "{port: 5348, domain: sip.example, secret: 'a,b'}",
    ])
    func `components as a variable or a flag`(text: String) throws {
        let expected = [
            Component(host: "127.0.0.1", port: 5348, domain: "sip.example", secret: Secret("a,b"))
        ]
        let domains = ["--domains", "sip.example"]
        let environment = ["CAUSEWAY_XMPP_COMPONENTS": text]
        #expect(try load(environment: environment, arguments: domains).xmpp.components == expected)
        #expect(try load(arguments: domains + ["--xmpp-components", text]).xmpp.components == expected)
    }

    @Test(arguments: [
        "sip.example.certificate=a.pem,sip.example.key=a.key",
        #"{"sip.example": {"certificate": "a.pem", "key": "a.key"}}"#,
    ])
    func `certificates of a domain as a variable`(text: String) throws {
        let settings = try load(environment: ["CAUSEWAY_TLS_DOMAINS": text])
        #expect(settings.tls.files(for: "sip.example").key == "a.key")
    }

    @Test func `the file may be named by flag or variable`() throws {
        let one = TemporaryFile("domains: one.example")
        let two = TemporaryFile("domains: two.example")
        let environment = ["CAUSEWAY_CONFIG": one.path]
        #expect(try Settings.load(environment: environment).domains == ["one.example"])
        let flags = ["--config", two.path]
        #expect(try Settings.load(environment: environment, arguments: flags).domains == ["two.example"])
        #expect(try Settings.load(file: one.path, arguments: flags).domains == ["one.example"])
        #expect(try Settings.load(file: "/dev/null").domains.isEmpty)
    }

    @Test func `what a container platform adds is passed over`() throws {
        let environment = [
            "CAUSEWAY_SERVICE_HOST": "10.0.0.1", "CAUSEWAY_SERVICE_PORT": "5060",
            "CAUSEWAY_PORT": "udp://10.0.0.1:5060",
            "CAUSEWAY_SERVICE_PORT_SIP": "5060", "CAUSEWAY_BUS_PORT_5550_TCP_ADDR": "10.0.0.2",
        ]
        #expect(try load(environment: environment).keysSet.isEmpty)
    }

    @Test func `no two keys share a variable or a flag`() {
        #expect(Set(Settings.keys.map(\.variable)).count == Settings.keys.count)
        #expect(Set(Settings.keys.map(\.flag)).count == Settings.keys.count)
        #expect(Set(Settings.keys.map(\.name)).count == Settings.keys.count)
        #expect(!Settings.keys.contains { $0.flag == "--config" })
    }
}
