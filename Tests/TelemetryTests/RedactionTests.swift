import Logging
import Telemetry
import Testing

/// Secrets and bodies do not reach the log, by construction.
@Suite struct RedactionTests {
    private let password = "correct horse battery staple"

    @Test func `a secret shows itself to nobody`() {
        let secret = Secret(password)
        struct Holder {
            var name = "link"
            var secret: Secret
        }
        var dumped = ""
        dump(Holder(secret: secret), to: &dumped)
        let shown = [
            "\(secret)", String(describing: secret), String(reflecting: secret), secret.description, dumped,
            "\(Holder(secret: secret))", "\([secret])", "\(Optional(secret) as Any)",
        ]
        for text in shown { #expect(!text.contains("horse")) }
        #expect(secret.revealed == password)
    }

    @Test func `secrets are equal by their text`() {
        #expect(Secret("a") == Secret("a"))
        #expect(Secret("a") != Secret("b"))
    }

    @Test(arguments: LogFormat.allCases)
    func `neither secrets nor bodies are logged`(format: LogFormat) {
        let log = CollectedLog()
        let logger = Logger(label: "x") { LineLogHandler(label: $0, format: format, sink: log) }
        let body = "meet me at midnight"
        logger.info(
            "attached",
            metadata: [
                "component": "\(Secret(password))",
                "link": .stringConvertible(Secret(password)),
                "size": .withheld(body),
                "octets": .withheld(Array(body.utf8)),
                "body": "\(body)",
                "Authorization": "Digest \(password)",
                "request": ["password": "\(password)", "text": ["\(body)"]],
                "secret": ["\(password)"],
            ]
        )
        #expect(!log.text.contains("horse"))
        #expect(!log.text.contains("midnight"))
        #expect(log.text.contains("(19 octets)"))
        #expect(log.text.contains("(withheld)"))
        #expect(log.text.contains("(secret)"))
    }
}
