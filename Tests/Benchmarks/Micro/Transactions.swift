import MachineKit
import SIPTransactions

/// Transactions from the first request to the last timer, client and server, on a clock that moves when told: machines
/// and nothing else.
enum Transactions {
    static func operations() -> [Operation] {
        [
            Operation("a non-INVITE transaction, both ends, by UDP") { use(nonInvite()) },
            Operation("an INVITE transaction that succeeds, both ends, by UDP") { use(invite(status: 200)) },
            Operation("an INVITE transaction that fails, both ends, by UDP") { use(invite(status: 486)) },
        ]
    }

    /// Request, 200, and Timers F, K and J.
    private static func nonInvite() -> Int {
        var client = Timed(NonInviteClient(isReliable: false))
        var server = Timed(NonInviteServer(isReliable: false))
        var sent = client.tell(.start)
        sent += server.tell(.request)
        sent += server.tell(.respond(200))
        sent += client.tell(.response(200))
        sent += client.finish() + server.finish()
        precondition(client.machine.isTerminated && server.machine.isTerminated)
        return sent
    }

    /// Request, 180 and a final response, an ACK where it is the transaction's, and the last timers.
    private static func invite(status: Int) -> Int {
        var client = Timed(InviteClient(isReliable: false))
        var server = Timed(InviteServer(isReliable: false))
        var sent = client.tell(.start)
        sent += server.tell(.request)
        sent += server.tell(.respond(180))
        sent += client.tell(.response(180))
        sent += server.tell(.respond(status))
        sent += client.tell(.response(status))
        sent += server.tell(.ack)
        sent += client.finish() + server.finish()
        precondition(client.machine.isTerminated && server.machine.isTerminated)
        return sent
    }

    /// A machine with its timers.
    private struct Timed<Subject: Machine> {
        private(set) var machine: Subject
        private var timers: [(timer: Subject.Timer, at: Moment)] = []
        private var now = Moment.start

        init(_ machine: Subject) {
            self.machine = machine
        }

        /// How much it said to that.
        mutating func tell(_ input: Subject.Input) -> Int { obey(machine.handle(input, at: now)) }

        /// Lets the time pass until it waits for nothing any more.
        mutating func finish() -> Int {
            var sent = 0
            while let next = timers.min(by: { $0.at < $1.at }) {
                timers.removeAll { $0.timer == next.timer }
                now = next.at
                sent += obey(machine.fired(next.timer, at: now))
            }
            return sent
        }

        private mutating func obey(_ effects: Subject.Effects) -> Int {
            var sent = 0
            for effect in effects {
                switch effect {
                case .send: sent += 1
                case .set(let timer, at: let moment):
                    timers.removeAll { $0.timer == timer }
                    timers.append((timer, moment))
                case .cancel(let timer): timers.removeAll { $0.timer == timer }
                case .ignore: break
                }
            }
            return sent
        }
    }
}
