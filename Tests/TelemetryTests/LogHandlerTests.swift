import Logging
import Synchronization
import Telemetry
import Testing

/// Keeps the lines that a test logs.
final class CollectedLog: LogSink {
    private let octets = Mutex<[UInt8]>([])

    var text: String { octets.withLock { String(decoding: $0, as: UTF8.self) } }

    func write(_ line: [UInt8]) {
        octets.withLock { $0 += line }
    }
}

@Suite struct LogHandlerTests {
    private let log = CollectedLog()

    private func logger(_ format: LogFormat, level: Logger.Level = .trace) -> Logger {
        let log = log
        return Logger(label: "sip-edge") { label in
            LineLogHandler(
                label: label,
                level: level,
                format: format,
                sink: log,
                clock: { LogTime(milliseconds: 1_709_210_096_007) }
            )
        }
    }

    @Test func `a line says when, how grave, who, what and the details by name`() {
        logger(.text).info("listening", metadata: ["transport": "udp", "address": "127.0.0.1:5060"])
        #expect(
            log.text
                == "2024-02-29T12:34:56.007Z info sip-edge: listening address=127.0.0.1:5060 transport=udp\n"
        )
    }

    @Test func `the same as one JSON object`() {
        logger(.json).warning(
            "peer refused",
            metadata: ["peer": "a\"b", "codes": ["500", "503"], "who": ["name": "x"]]
        )
        let expected =
            #"{"time":"2024-02-29T12:34:56.007Z","level":"warning","label":"sip-edge","message":"peer refused","#
            + #""metadata":{"codes":["500","503"],"peer":"a\"b","who":{"name":"x"}}}"# + "\n"
        #expect(log.text == expected)
    }

    @Test func `JSON without metadata has none`() {
        logger(.json).info("started")
        #expect(log.text.hasSuffix(#""message":"started"}"# + "\n"))
    }

    @Test func `values that could be misread stand in quotes`() {
        logger(.text).info(
            "m",
            metadata: ["a": "two words", "b": "", "c": "x=y", "d": #"say "hi""#, "e": #"c:\"#]
        )
        #expect(log.text.hasSuffix(#"m a="two words" b="" c="x=y" d="say \"hi\"" e="c:\\""# + "\n"))
    }

    @Test(arguments: LogFormat.allCases)
    func `what is below the level is not said`(format: LogFormat) {
        let logger = logger(format, level: .warning)
        logger.info("no")
        logger.error("yes")
        #expect(!log.text.contains("no"))
        #expect(log.text.contains("yes"))
    }

    @Test(arguments: LogFormat.allCases)
    func `a peer cannot forge a line`(format: LogFormat) {
        let forged =
            "Bob\r\n2026-01-01T00:00:00.000Z info sip-edge: all is well\u{1B}[2J\u{85}\u{2028}\u{202E}\0\u{7F}"
        logger(format).info(
            "\(forged)",
            metadata: ["name": "\(forged)", "\(forged)": "x", "list": ["\(forged)"]]
        )
        let line = log.text
        #expect(line.unicodeScalars.count { $0 == "\n" } == 1)
        for scalar: Unicode.Scalar in ["\r", "\u{1B}", "\u{85}", "\u{2028}", "\u{202E}", "\0", "\u{7F}"] {
            #expect(!line.unicodeScalars.contains(scalar))
        }
    }

    @Test func `escapes are the format's own`() {
        logger(.text).info("m", metadata: ["a": "x\u{1B}y", "b": "\u{E0001}"])
        #expect(log.text.hasSuffix(#"m a="x\u{1b}y" b=\u{e0001}"# + "\n"))
        logger(.json).info("m", metadata: ["a": "x\u{1B}y", "b": "\u{E0001}"])
        #expect(log.text.contains(#""a":"x\u001by","b":"\udb40\udc01""#))
    }

    @Test func `ordinary text of any script stays readable`() {
        logger(.text).info("m", metadata: ["a": "Žluťoučký", "b": "日本語", "c": "👩‍🚀"])
        #expect(log.text.hasSuffix("m a=Žluťoučký b=日本語 c=👩‍🚀\n"))
    }

    @Test(arguments: LogFormat.allCases)
    func `an enormous value is cut`(format: LogFormat) {
        logger(format).info("m", metadata: ["a": "\(String(repeating: "x", count: 100_000))", "b": "y"])
        #expect(log.text.utf8.count < 2000)
        #expect(log.text.contains("…"))
    }

    @Test func `metadata of the logger, then of the line`() {
        var logger = logger(.text)
        logger[metadataKey: "side"] = "sip"
        logger[metadataKey: "shard"] = "3f"
        logger.info("m", metadata: ["side": "xmpp"])
        #expect(log.text.hasSuffix("m shard=3f side=xmpp\n"))
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (4_107_542_399_999, "2100-02-28T23:59:59.999Z"), (1_735_689_599_999, "2024-12-31T23:59:59.999Z"),
        ] as [(Int64, String)]
    )
    func `dates are right`(milliseconds: Int64, expected: String) {
        let log = log
        let logger = Logger(label: "x") { label in
            LineLogHandler(label: label, sink: log, clock: { LogTime(milliseconds: milliseconds) })
        }
        logger.info("m")
        #expect(log.text.hasPrefix(expected + " "))
    }
}
