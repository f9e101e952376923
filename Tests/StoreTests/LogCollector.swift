import Logging
import Synchronization

/// Keeps what is logged.
final class LogCollector: Sendable {
    private struct Handler: LogHandler {
        let collector: LogCollector
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let line = "\(event.message) \(event.metadata ?? [:])"
            collector.collected.withLock { $0.append(line) }
        }
    }

    private let collected = Mutex<[String]>([])

    var lines: [String] { collected.withLock { $0 } }

    func logger() -> Logger { Logger(label: "test") { _ in Handler(collector: self) } }
}
