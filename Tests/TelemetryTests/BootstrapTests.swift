import Logging
import Metrics
import Telemetry
import Testing

/// What is set up once a process, each in a process of its own.
@Suite struct BootstrapTests {
    @Test(arguments: LogFormat.allCases)
    func `every logger writes to standard error`(format: LogFormat) async throws {
        let result = try await #require(
            processExitsWith: .success,
            observing: [\.standardErrorContent, \.standardOutputContent]
        ) { [name = format.rawValue as String] in
            Telemetry.bootstrap(level: .notice, format: LogFormat(rawValue: name) ?? .text)
            Logger(label: "some-service").notice("heard", metadata: ["who": "everyone"])
            Logger(label: "some-service").info("not heard")
        }
        let text = String(decoding: result.standardErrorContent, as: UTF8.self)
        #expect(text.contains("some-service"))
        #expect(
            text.contains(
                format == .text ? " notice some-service: heard who=everyone\n" : #""who":"everyone""#
            )
        )
        #expect(!text.contains("not heard"))
        #expect(!String(decoding: result.standardOutputContent, as: UTF8.self).contains("heard"))
    }

    @Test func `every counter counts in the process's registry`() async {
        await #expect(processExitsWith: .success) {
            Telemetry.bootstrap(level: .critical, format: .text)
            Counter(label: "hits").increment(by: 3)
            precondition(Telemetry.metrics.exposition().contains("causeway_hits_total 3\n"))
        }
    }
}
