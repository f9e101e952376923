public import MachineKit

/// Runs a machine on a clock that moves only when a test says so.
public struct Lab<Subject: Machine> {
    /// Something that the machine sent, and when.
    public struct Sent: Hashable, CustomStringConvertible {
        public var at: Duration
        public var output: Subject.Output

        public init(_ at: Duration, _ output: Subject.Output) {
            self.at = at
            self.output = output
        }

        public var description: String { "\(at): \(output)" }
    }

    public private(set) var subject: Subject
    public private(set) var now = Moment.start
    /// The names of what the machine ignored on purpose, since the start.
    public private(set) var ignored: [String] = []
    private var timers = TimerTable<Subject.Timer>()
    private var sent: [Sent] = []

    public init(_ subject: Subject) {
        self.subject = subject
    }

    /// How many timers are set.
    public var pendingTimers: Int { timers.count }

    /// Gives the machine an input now; says what it sent at once.
    public mutating func play(_ input: Subject.Input) -> [Subject.Output] {
        sent = []
        obey(subject.handle(input, at: now))
        return sent.map(\.output)
    }

    /// Lets time pass, firing timers as they fall due; says what was sent meanwhile.
    public mutating func wait(_ duration: Duration) -> [Sent] {
        sent = []
        let end = now + duration
        while let (timer, deadline) = timers.popDue(at: end) {
            now = max(now, deadline)
            obey(subject.fired(timer, at: now))
        }
        now = end
        return sent
    }

    private mutating func obey(_ effects: Subject.Effects) {
        for effect in effects {
            switch effect {
            case .send(let output): sent.append(Sent(now.sinceStart, output))
            case .set(let timer, at: let deadline): timers.set(timer, at: deadline)
            case .cancel(let timer): timers.cancel(timer)
            case .ignore(let name): ignored.append(name.description)
            }
        }
    }
}
