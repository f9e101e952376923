import MachineKit

/// A machine with the timers that it has set.
struct TimedMachine<Subject: Machine> {
    private(set) var machine: Subject
    /// A handful at most.
    private var timers: [(timer: Subject.Timer, at: Moment)] = []

    init(_ machine: Subject) {
        self.machine = machine
    }

    /// When ``fire(at:)`` has something to do.
    var next: Moment? {
        var next: Moment?
        for (_, moment) in timers where next.map({ moment < $0 }) ?? true { next = moment }
        return next
    }

    mutating func handle(_ input: Subject.Input, at now: Moment) -> [Subject.Output] {
        obey(machine.handle(input, at: now))
    }

    /// Fires the timers that are due, earliest first.
    mutating func fire(at now: Moment) -> [Subject.Output] {
        var outputs: [Subject.Output] = []
        while let moment = next, moment <= now, let index = timers.firstIndex(where: { $0.at == moment }) {
            let timer = timers.remove(at: index).timer
            outputs += obey(machine.fired(timer, at: moment))
        }
        return outputs
    }

    private mutating func obey(_ effects: Subject.Effects) -> [Subject.Output] {
        var outputs: [Subject.Output] = []
        for effect in effects {
            switch effect {
            case .send(let output): outputs.append(output)
            case .set(let timer, at: let moment):
                timers.removeAll { $0.timer == timer }
                timers.append((timer, moment))
            case .cancel(let timer): timers.removeAll { $0.timer == timer }
            case .ignore: break
            }
        }
        return outputs
    }
}
