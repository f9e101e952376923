package import BusContract
package import Logging
package import MachineKit
import Metrics
import SIPGrammar
import SIPRegistration

/// Keeps addresses registered at trunks: each by one edge, the one that owns the address's shard.
///
/// Whoever takes a shard over registers anew, with a higher CSeq of the same Call-ID; whoever lost it says nothing more.
package final class Registrations {
    /// What registering needs of the world.
    package struct Surroundings {
        /// Sends a request and says once what came of it.
        package var dispatch: (Delivery, @escaping (Outcome?) -> Void) -> Void
        /// Whether a shard is this edge's.
        package var owns: (UInt8) -> Bool
        package var now: () -> Moment
        package var wallTime: () -> WallTime
        /// Asks for ``Registrations/fire()`` at a moment.
        package var wake: (Moment) -> Void
        package var logger: Logger
        package var generator: any RandomNumberGenerator & Sendable

        package init(
            dispatch: @escaping (Delivery, @escaping (Outcome?) -> Void) -> Void,
            owns: @escaping (UInt8) -> Bool,
            now: @escaping () -> Moment,
            wallTime: @escaping () -> WallTime,
            wake: @escaping (Moment) -> Void,
            logger: Logger,
            generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
        ) {
            self.dispatch = dispatch
            self.owns = owns
            self.now = now
            self.wallTime = wallTime
            self.wake = wake
            self.logger = logger
            self.generator = generator
        }
    }

    /// One address while it is this edge's.
    private final class Line {
        let entry: RegistrationEntry
        var timed: TimedMachine<Registration>

        init(_ entry: RegistrationEntry, _ machine: Registration) {
            self.entry = entry
            timed = TimedMachine(machine)
        }
    }

    /// Where CSeq numbers begin to count seconds, so that they last until 2088 (RFC 3261 section 8.1.1.5).
    private static let epoch: Int64 = 1_577_836_800

    private let around: Surroundings
    private var entries: [RegistrationEntry]
    private var lines: [ConversationKey: Line] = [:]
    /// Set once the process is about to end.
    private var left: (() -> Void)?
    private let bound = Gauge(label: "causeway_sip_registrations")

    package init(_ entries: [RegistrationEntry], _ surroundings: Surroundings) {
        self.entries = entries
        around = surroundings
    }

    /// The addresses that this edge cares for, and whether they are registered now.
    package var states: [(address: String, isBound: Bool)] {
        lines.values.map { ("\($0.entry.address)", $0.timed.machine.isBound) }.sorted {
            $0.address < $1.address
        }
    }

    /// Begins what has become this edge's, and lets go of what is another's now.
    package func share() {
        guard left == nil else { return }
        for (key, _) in lines where !around.owns(key.shard) { lines[key] = nil }
        for entry in entries where lines[entry.key] == nil && around.owns(entry.key.shard) { begin(entry) }
        count()
    }

    /// Takes other addresses: those that are gone are registered no longer.
    package func reload(_ entries: [RegistrationEntry]) {
        self.entries = entries
        for line in Array(lines.values) where !entries.contains(line.entry) { tell(line, .stop) }
        share()
    }

    /// Takes all bindings away; `done` is called when that is settled.
    package func leave(_ done: @escaping () -> Void) {
        left = done
        for line in Array(lines.values) { tell(line, .stop) }
        settle()
    }

    /// Does what is due.
    package func fire() {
        for line in Array(lines.values) { obey(line, line.timed.fire(at: around.now())) }
        wakeLater()
    }

    private func begin(_ entry: RegistrationEntry) {
        let identity = DeliveryID(hashing: Array(entry.key.text.utf8))
        let seconds = around.wallTime().milliseconds / 1_000 - Self.epoch
        let machine = Registration(
            entry.account,
            callID: "register-\(identity)",
            tag: String(identity.low, radix: 16),
            firstCSeq: UInt32(clamping: max(1, min(seconds, Int64(Int32.max)))),
            generator: around.generator
        )
        let line = Line(entry, machine)
        lines[entry.key] = line
        tell(line, .start)
    }

    private func tell(_ line: Line, _ input: Registration.Input) {
        obey(line, line.timed.handle(input, at: around.now()))
        wakeLater()
    }

    private func obey(_ line: Line, _ outputs: [Registration.Output]) {
        for output in outputs {
            switch output {
            case .register(let request): send(request, for: line)
            case .bound(let binding):
                note("registered", line, .debug, ["seconds": "\(binding.expires)"])
            case .unbound: note("not registered any more", line, left == nil ? .warning : .info)
            case .refused(let status):
                note("could not register", line, .warning, ["answer": status == 0 ? "none" : "\(status)"])
            case .ended:
                if lines[line.entry.key] === line { lines[line.entry.key] = nil }
                settle()
            }
        }
        if !outputs.isEmpty { count() }
    }

    private func send(_ request: SIPRequest, for line: Line) {
        let number = (try? request.headers.cSeq().number) ?? 0
        let delivery = Delivery(
            id: DeliveryID(hashing: Array("\(line.entry.key.text) \(number)".utf8)),
            key: line.entry.key,
            patience: .seconds(32),
            payload: .sipDispatch(SIPDispatch(request: request))
        )
        around.dispatch(delivery) { [weak self, weak line] outcome in
            guard let self, let line, lines[line.entry.key] === line else { return }
            if case .ok(.sipResponse(let response)) = outcome { return tell(line, .response(response)) }
            tell(line, .failed)
        }
    }

    private func note(
        _ message: Logger.Message,
        _ line: Line,
        _ level: Logger.Level,
        _ details: Logger.Metadata = [:]
    ) {
        var metadata = details
        metadata["address"] = "\(line.entry.address)"
        metadata["registrar"] = "\(line.entry.registrar)"
        around.logger.log(level: level, message, metadata: metadata)
    }

    private func settle() {
        guard lines.isEmpty, let done = left else { return }
        left = {}
        done()
    }

    private func count() {
        bound.record(lines.values.count { $0.timed.machine.isBound })
    }

    private func wakeLater() {
        for line in lines.values { if let moment = line.timed.next { around.wake(moment) } }
    }
}
