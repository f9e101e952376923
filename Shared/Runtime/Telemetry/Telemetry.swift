package import Logging
import Metrics

/// What the process tells about itself: its log, and the figures behind `/metrics`.
package enum Telemetry {
    /// The figures of this process; the console prints them with ``MetricsRegistry/exposition()``.
    package static let metrics = MetricsRegistry()

    /// Sets logging and metrics up for the whole process: once, at `main`, before the first logger is made.
    package static func bootstrap(
        level: Logger.Level,
        format: LogFormat,
        sink: any LogSink = StandardError()
    ) {
        LoggingSystem.bootstrap { label in
            LineLogHandler(label: label, level: level, format: format, sink: sink)
        }
        MetricsSystem.bootstrap(metrics)
    }
}
