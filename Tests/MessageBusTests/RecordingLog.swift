import Logging
import Synchronization
import Telemetry

/// The lines of a log, for tests that ask what was said, or wait until it is.
final class RecordingLog: LogSink {
    private struct Waiter {
        var text: String
        var isPast: Int
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var lines: [String] = []
        var waiters: [Waiter] = []
    }

    private let state = Mutex(State())

    var lines: [String] { state.withLock(\.lines) }

    var logger: Logger {
        Logger(label: "test") { [self] label in LineLogHandler(label: label, level: .debug, sink: self) }
    }

    func lines(with text: String) -> [String] { lines.filter { $0.contains(text) } }

    func write(_ line: [UInt8]) {
        let heard = state.withLock { state in
            state.lines.append(String(decoding: line, as: UTF8.self))
            let lines = state.lines
            let heard = state.waiters.filter { Self.count($0.text, in: lines) > $0.isPast }
            state.waiters.removeAll { Self.count($0.text, in: lines) > $0.isPast }
            return heard
        }
        for waiter in heard { waiter.continuation.resume() }
    }

    /// Waits until more than `past` lines have the text in them.
    func says(_ text: String, past: Int = 0) async {
        await withCheckedContinuation { continuation in
            let isSaid = state.withLock { state in
                if Self.count(text, in: state.lines) > past { return true }
                state.waiters.append(Waiter(text: text, isPast: past, continuation: continuation))
                return false
            }
            if isSaid { continuation.resume() }
        }
    }

    private static func count(_ text: String, in lines: [String]) -> Int {
        lines.count { $0.contains(text) }
    }
}
