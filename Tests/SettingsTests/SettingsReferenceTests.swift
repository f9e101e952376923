import Foundation
import Settings
import Testing

@Suite struct SettingsReferenceTests {
    @Test func `the page in Docs is what the program prints`() throws {
        let page = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Docs/Configuration.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        #expect(
            text == Settings.reference(),
            "causeway check --explain > Docs/Configuration.md makes it anew"
        )
    }

    @Test func `every key has one line with its default and meaning`() {
        let lines = Settings.reference().split(separator: "\n")
        for key in Settings.keys {
            let rows = lines.filter { $0.hasPrefix("| `\(key.name)` | ") }
            #expect(rows.count == 1)
            #expect(rows.first?.contains(key.meaning) == true)
            #expect(rows.first?.contains(key.defaultText) == true)
            #expect(rows.first?.contains("†") == !key.hasEffect)
            #expect(!key.meaning.isEmpty && !key.meaning.contains("\n"))
        }
    }

    @Test func `the examples of the page are true`() throws {
        let settings = try load(
            environment: [
                "CAUSEWAY_SIP_LISTEN": "udp://0.0.0.0:5060,tcp://0.0.0.0:5060",
                "CAUSEWAY_XMPP_LISTEN": "",
                "CAUSEWAY_XMPP_ROUTES": "wonder.example=xmpp://127.0.0.1:5299",
                "CAUSEWAY_XMPP_COMPONENTS": "127.0.0.1:5347/sip.example?secret=s3cret",
                "CAUSEWAY_SIP_ACCOUNTS": "user=pbx&password=s3cret&from=sip.example a@b.example",
                "CAUSEWAY_TLS_DOMAINS": "sip.example.certificate=a.pem,sip.example.key=a.key",
                "CAUSEWAY_DOMAINS": "sip.example",
            ]
        )
        let file = try load(
            """
            sip:
              listen: [udp://0.0.0.0:5060, tcp://0.0.0.0:5060]
              accounts: [{user: pbx, password: s3cret, from: [sip.example, a@b.example]}]
            xmpp:
              listen: []
              routes: {wonder.example: "xmpp://127.0.0.1:5299"}
              components: [{host: 127.0.0.1, port: 5347, domain: sip.example, secret: s3cret}]
            tls: {domains: {sip.example: {certificate: a.pem, key: a.key}}}
            domains: sip.example
            """
        )
        #expect(settings == file)
    }
}
