import Foundation
import Settings
import Testing

/// Every fault is one line that names the key, the value and what was expected.
@Suite struct SettingsErrorTests {
    /// One value that each key must refuse, whatever else; keys that take any text are not here.
    private static let badValues: [(key: String, value: String)] = [
        ("domains", "a b"), ("domains", "-a.example"), ("domains", "a..b"), ("xmpp-domains", "x@y"),
        ("sip.listen", "tpc://0.0.0.0:5060"), ("sip.listen", "udp://0.0.0.0:65536"), ("sip.listen", "5060"),
        ("sip.listen", "xmpp://0.0.0.0:5269"), ("sip.listen", "udp://::1:5060"), ("sip.listen", "udp://[::1"),
        ("sip.listen", "udp://1.2.3.4:"), ("sip.listen", "udp://a b:1"),
        ("sip.advertise", "gw.example:5060"), ("sip.advertise", "sip:gw"),
        ("sip.outbound-proxy", "127.0.0.1"),
        ("sip.outbound-proxy", "sip:h;transport=sctp"), ("sip.outbound-proxy", "sip:h:0"),
        ("sip.outbound-proxy", "sip:a@h"), ("sip.outbound-proxy", "xmpp:h"),
        ("sip.trusted", "10.0.0.0/33"), ("sip.trusted", "10.0.0"), ("sip.trusted", "::1/129"),
        ("sip.trusted", "h"),
        ("sip.message-mode", "chat"), ("sip.t1", "0.5s"), ("sip.t1", "1y"), ("sip.t1", "-1s"),
        ("sip.t1", "1h"),
        ("sip.ip-hosts", "example"), ("xmpp.listen", "udp://0.0.0.0"), ("xmpp.s2s-security", "none"),
        ("xmpp.routes", "wonder.example"), ("xmpp.max-stanza", "9999"), ("xmpp.max-stanza", "10 apples"),
        ("tls.reload", "0"), ("media.msrp.listen", "tcp://0.0.0.0"), ("media.bytestreams.listen", "0.0.0.0"),
        ("media.rtpengine", "tcp://127.0.0.1:1"), ("media.rtpengine", "udp://127.0.0.1:0"),
        ("im.split", "maybe"), ("im.page-max-octets", "100"), ("im.bounce-window", "1d"),
        ("im.pager-as", "headline"),
        ("im.from-gruu", "true"), ("presence.expires", "1s"), ("presence.strict", "2"),
        ("calls.decline-as", "404"),
        ("files.max-file", "2TB"), ("files.block-size", "1"), ("bus.connect", "tcp://h:65535"),
        ("bus.connect", "inproc://x"), ("bus.listen", "ipc://"), ("console.listen", "8080"),
        ("dns.server", "dns.example"), ("dns.server", "192.0.2.1:0"), ("limits.depth", "1"),
        ("limits.per-peer-rate", "200"), ("limits.per-peer-rate", "0/s"), ("limits.per-peer-rate", "5/y"),
        ("limits.stanza", "64 KiB of it"), ("log.level", "loud"), ("log.format", "xml"),
        ("shutdown.grace", "soon"),
        ("rooms.sip", "a/b"), ("rooms.create-rooms", "1"),
    ]

    @Test(arguments: badValues.indices)
    func `a bad value is named with its key, its place and what was expected`(index: Int) {
        let (key, value) = Self.badValues[index]
        let quoted = "'" + value.replacing("'", with: "''") + "'"
        let error = fault("\(key): \(quoted)")
        #expect(error?.code == .badValue)
        #expect(error?.key.hasPrefix(key) == true)
        let line = error?.description ?? ""
        #expect(line.hasPrefix("causeway.yaml line 1: \(key)"))
        #expect(line.contains("'\(value)': bad value; expected "))
        #expect(!line.contains("\n"))
    }

    @Test func `the place is the variable or the flag`() {
        #expect(
            fault(environment: ["CAUSEWAY_LOG_LEVEL": "loud"])?.description
                == "CAUSEWAY_LOG_LEVEL: log.level: 'loud': bad value; expected one of trace, debug, info, notice, "
                + "warning, error, critical"
        )
        #expect(fault(arguments: ["--log.level=loud"])?.origin == "--log-level")
        #expect(fault("\n\nlog:\n  format: xml\n")?.origin == "causeway.yaml line 4")
    }

    @Test(
        arguments: [
            ("sip: {lisen: x}", "sip.lisen", "sip.listen"), ("domian: x", "domian", "domains"),
            ("smp: {}", "smp", "sip"), ("xmpp: {comonents: []}", "xmpp.comonents", "xmpp.components"),
            ("listen: x", "listen", "sip.listen"), ("im: {pager-sa: chat}", "im.pager-sa", "im.pager-as"),
            ("limit: {depth: 1}", "limit", "limits"),
            ("quite-something-else: 1", "quite-something-else", nil),
            (
                "tls: {domains: {a.example: {certifcate: x}}}", "tls.domains.a.example.certifcate",
                "certificate"
            ),
            ("xmpp: {components: [{host: h, secrte: x}]}", "xmpp.components[0].secrte", "secret"),
        ] as [(String, String, String?)]
    )
    func `an unknown key is an error, with what may have been meant`(text: String, key: String, hint: String?)
    {
        let error = fault(text)
        #expect(error?.code == .unknownKey)
        #expect(error?.key == key)
        if let hint {
            #expect(error?.expected.hasSuffix("(did you mean \(hint)?)") == true)
        } else {
            #expect(error?.expected.contains("did you mean") == false)
        }
    }

    @Test func `unknown variables and flags too`() {
        #expect(
            fault(environment: ["CAUSEWAY_SIP_LISTN": "x"])?.expected.contains("CAUSEWAY_SIP_LISTEN?") == true
        )
        #expect(fault(arguments: ["--sip-lsiten", "x"])?.expected.contains("--sip-listen?") == true)
        #expect(fault(arguments: ["run"])?.code == .unknownKey)
        #expect(fault(arguments: ["--sip-listen"])?.code == .missing)
    }

    @Test(arguments: [
        ("sip:\n  t1: 1s\n  t1: 2s\n", "t1"), ("domains: a\ndomains: b", "domains"),
        ("sip: {t1: 1s}\nsip.t1: 2s", "sip.t1"),
        ("xmpp: {routes: {a.example: 'xmpp://h', A.example: 'xmpp://h'}}", "xmpp.routes.a.example"),
        ("domains: [a.example, A.example]", "domains"),
    ])
    func `the same key twice is an error`(text: String, key: String) {
        #expect(fault(text)?.code == .duplicateKey)
        #expect(fault(text)?.key == key)
    }

    @Test func `a flag of one value twice is an error`() {
        let error = fault(arguments: ["--log-level", "info", "--log.level", "debug"])
        #expect(
            error
                == SettingsError(.duplicateKey, key: "log.level", expected: "it once", origin: "--log-level")
        )
    }

    @Test(arguments: [
        ("sip: [", 2), ("domains:\n\t- a.example\n", 2), ("a: 'b", 1), ("sip: *nowhere", 1),
        ("a: 1\n---\nb: 2", 2),
        ("key: [a, b\nother: c", 2),
    ])
    func `what is not YAML is an error with its line`(text: String, line: Int) {
        let error = fault(text)
        #expect(error?.code == .syntax)
        #expect(error?.origin?.hasPrefix("causeway.yaml line ") == true)
        #expect(error.map { !$0.description.contains("\n") } == true)
        let number = error?.origin?.split(separator: " ").last.flatMap { Int($0) } ?? 0
        #expect((line - 1...line + 1).contains(number))
    }

    @Test(arguments: [
        "- a\n- b", "just words", "sip: 5", "sip: [a]", "domains: {a: b}", "domains: [[a]]",
        "domains: [null]",
        "sip: {t1: [1s, 2s]}", "sip: {t1: {a: b}}", "xmpp: {routes: {a.example: {b: c}}}",
        "xmpp: {components: [[a]]}",
        "tls: {domains: {a.example: x}}", "? {a: b}\n: c", "bus: {curve: 5}",
    ])
    func `a value of the wrong shape is an error`(text: String) {
        #expect(fault(text)?.code == .badValue)
    }

    @Test func `a file that cannot be read is an error`() {
        let missing = "/nonexistent/causeway.yaml"
        #expect(throws: SettingsError.self) { try Settings.load(file: missing) }
        let line = fault(arguments: ["--config"])?.description
        #expect(line == "--config: missing; expected a value after it")
        do throws(SettingsError) {
            _ = try Settings.load(file: missing)
        } catch {
            #expect(
                error.description.hasPrefix(
                    "'\(missing)': cannot be read; expected a readable file (No such file"
                )
            )
        }
        for path in ["/", "/dev/zero"] {
            #expect(throws: SettingsError.self) { try Settings.load(file: path) }
        }
    }

    @Test func `text that is not UTF-8 is an error`() throws {
        let file = TemporaryFile("")
        try Data([0x61, 0xFF, 0x62]).write(to: URL(fileURLWithPath: file.path))
        #expect(throws: SettingsError(.unreadable, value: file.path, expected: "text in UTF-8")) {
            try Settings.load(file: file.path)
        }
    }

    @Test(arguments: [
        "xmpp: {components: [{domain: a.example, secret: [hunter2]}]}",
        "xmpp: {components: [{domain: a.example, secret: hunter2, port: no}]}",
        "xmpp: {components: ['hunter2']}", "xmpp: {components: ['h:1/a.example?secret=hunter2%zz']}",
        "xmpp: {dialback-secret: [hunter2, hunter2]}", "xmpp: {dialback-secret: {hunter2: hunter2}}",
        "store: mysql://user:hunter2@db", "bus: {curve: {server-key: hunter2}}",
        "xmpp: {components: [{domain: a.example, secret: 'hunter2}]}", "store: [postgresql://hunter2@h, b]",
    ])
    func `a secret is never shown in an error`(text: String) {
        let error = fault(text)
        #expect(error != nil)
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test func `a value cannot break the line or flood it`() {
        let error = fault(environment: [
            "CAUSEWAY_LOG_LEVEL": "a\nb\u{1B}[2J" + String(repeating: "x", count: 5000)
        ])
        let line = error?.description ?? "\n"
        #expect(!line.contains("\n") && !line.contains("\u{1B}"))
        #expect(line.count < 400)
    }
}
