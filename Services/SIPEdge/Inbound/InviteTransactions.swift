import BusContract
import MachineKit
import SIPTransactions
import SIPTransport

/// INVITE transactions, all of which are refused so far: the refusal is repeated until its ACK comes (Timers G, H and I).
///
/// No more than so many are held; beyond that a refusal is given statelessly, which RFC 3261 section 8.2.7 permits: a
/// repeated INVITE gets it again.
struct InviteTransactions {
    private struct Transaction {
        var timed: TimedMachine<InviteServer>
        var octets: [UInt8]
        var draft: ResponseDraft
    }

    /// A response to put on the wire.
    struct Sending {
        var octets: [UInt8]
        var draft: ResponseDraft
    }

    static let most = 1_024

    private let timing: TransactionTiming
    private var transactions: [ServerTransactionKey: Transaction] = [:]
    private var agenda = Agenda<ServerTransactionKey>()

    init(timing: TransactionTiming) {
        self.timing = timing
    }

    var count: Int { transactions.count }
    var nextMoment: Moment? { mutating get { agenda.nextMoment } }

    func contains(_ key: ServerTransactionKey) -> Bool { transactions[key] != nil }

    /// A repeat of a known INVITE; nil if it is new.
    mutating func `repeat`(_ key: ServerTransactionKey, at now: Moment) -> [Sending]? {
        guard transactions[key] != nil else { return nil }
        return tell(key, .request, now)
    }

    /// Begins a transaction that is refused at once.
    mutating func refuse(
        _ key: ServerTransactionKey,
        _ answer: SIPAnswer,
        _ draft: ResponseDraft,
        at now: Moment
    ) -> [Sending] {
        let octets = draft.octets(answer)
        guard transactions.count < Self.most else { return [Sending(octets: octets, draft: draft)] }
        var timed = TimedMachine(InviteServer(isReliable: draft.origin.transport.isReliable, timing: timing))
        _ = timed.handle(.request, at: now)
        transactions[key] = Transaction(timed: timed, octets: octets, draft: draft)
        return tell(key, .respond(answer.status), now)
    }

    mutating func acknowledge(_ key: ServerTransactionKey, at now: Moment) {
        _ = tell(key, .ack, now)
    }

    mutating func fire(at now: Moment) -> [Sending] {
        var sendings: [Sending] = []
        while let key = agenda.popDue(at: now) {
            guard let outputs = transactions[key]?.timed.fire(at: now) else { continue }
            sendings += obey(outputs, key)
        }
        return sendings
    }

    private mutating func tell(
        _ key: ServerTransactionKey,
        _ input: InviteServer.Input,
        _ now: Moment
    ) -> [Sending] {
        guard let outputs = transactions[key]?.timed.handle(input, at: now) else { return [] }
        return obey(outputs, key)
    }

    private mutating func obey(_ outputs: [InviteServer.Output], _ key: ServerTransactionKey) -> [Sending] {
        guard let transaction = transactions[key] else { return [] }
        var sendings: [Sending] = []
        for output in outputs {
            switch output {
            case .response, .repeat:
                sendings.append(Sending(octets: transaction.octets, draft: transaction.draft))
            case .pass, .passAcknowledgement, .trying, .failed: break
            }
        }
        if let next = transaction.timed.next, !transaction.timed.machine.isTerminated {
            agenda.set(key, at: next)
        } else {
            transactions[key] = nil
            agenda.cancel(key)
        }
        return sendings
    }
}
