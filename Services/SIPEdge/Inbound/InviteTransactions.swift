import BusContract
import MachineKit
import SIPTransactions
import SIPTransport

/// The INVITEs that came in, until their transactions end (RFC 3261 section 17.2.1, RFC 6026).
///
/// Some are refused at the border, and the refusal is repeated until its ACK comes. The others were delivered to a service,
/// which says what to respond, as often as it likes before the final response.
///
/// No more than so many are held; beyond that a refusal is given statelessly, which RFC 3261 section 8.2.7 permits: a
/// repeated INVITE gets it again.
struct InviteTransactions {
    /// Where an INVITE was delivered.
    struct Work {
        var id: DeliveryID
        var merge: UInt64
        var key: ConversationKey
        var service: ServiceName
    }

    private struct Transaction {
        var timed: TimedMachine<InviteServer>
        var draft: ResponseDraft
        /// The latest response.
        var octets: [UInt8]
        /// Nil: it was refused at the border.
        var work: Work?
        var isAnswered = false
        /// When it is answered without its service, which said nothing for so long.
        var surrender: Moment

        /// When to look at it again.
        var next: Moment? {
            guard work != nil, !isAnswered else { return timed.next }
            return timed.next.map { min($0, surrender) } ?? surrender
        }
    }

    /// A response to put on the wire.
    struct Sending {
        var octets: [UInt8]
        var draft: ResponseDraft
    }

    /// What became due.
    struct Due {
        var sendings: [Sending] = []
        /// Deliveries whose transactions have ended.
        var ended: [Work] = []
    }

    /// Refused ones.
    static let most = 1_024
    /// Delivered ones; each holds what its request says of the way back.
    static let mostDelivered = 16_384
    /// Longer than any translator lets ring.
    static let silence = Duration.seconds(300)

    private let timing: TransactionTiming
    private var transactions: [ServerTransactionKey: Transaction] = [:]
    private var delivered: [DeliveryID: ServerTransactionKey] = [:]
    private var agenda = Agenda<ServerTransactionKey>()
    /// Delivered ones without a final response.
    private(set) var pending = 0

    init(timing: TransactionTiming) {
        self.timing = timing
    }

    var count: Int { transactions.count }
    var hasRoom: Bool { delivered.count < Self.mostDelivered }
    var nextMoment: Moment? { mutating get { agenda.nextMoment } }

    func contains(_ key: ServerTransactionKey) -> Bool { transactions[key] != nil }

    /// Where the INVITE of a delivery came from; nil if there is no such transaction.
    func origin(of id: DeliveryID) -> MessageOrigin? {
        delivered[id].flatMap { transactions[$0]?.draft.origin }
    }

    /// Where an INVITE was delivered that has no final response yet: such a one can be cancelled.
    func pendingWork(_ key: ServerTransactionKey) -> Work? {
        guard let transaction = transactions[key], !transaction.isAnswered else { return nil }
        return transaction.work
    }

    /// A repeat of a known INVITE; nil if it is new.
    mutating func `repeat`(_ key: ServerTransactionKey, at now: Moment) -> [Sending]? {
        guard transactions[key] != nil else { return nil }
        return tell(key, .request, now).sendings
    }

    /// Begins a transaction that is refused at once.
    mutating func refuse(
        _ key: ServerTransactionKey,
        _ answer: SIPAnswer,
        _ draft: ResponseDraft,
        at now: Moment
    ) -> [Sending] {
        let octets = draft.octets(answer)
        guard transactions.count - delivered.count < Self.most else {
            return [Sending(octets: octets, draft: draft)]
        }
        begin(key, draft, nil, now)
        transactions[key]?.octets = octets
        return tell(key, .respond(answer.status), now).sendings
    }

    /// Begins a transaction whose INVITE is delivered to a service.
    mutating func deliver(
        _ key: ServerTransactionKey,
        _ draft: ResponseDraft,
        _ work: Work,
        at now: Moment
    ) {
        begin(key, draft, work, now)
        delivered[work.id] = key
        pending += 1
        rescheduled(key)
    }

    /// A service responds; nil if there is no such transaction any more, in which case others may send the response.
    mutating func respond(to id: DeliveryID, _ answer: SIPAnswer, at now: Moment) -> Due? {
        guard let key = delivered[id], let draft = transactions[key]?.draft else { return nil }
        let isFinal = answer.status >= 200
        if transactions[key]?.isAnswered == false {
            transactions[key]?.octets = draft.octets(answer)
            transactions[key]?.surrender = now + Self.silence
            if isFinal {
                transactions[key]?.isAnswered = true
                pending -= 1
            }
        } else if !(200..<300).contains(answer.status) {
            // A final response is the last; only a 2xx is repeated by whoever gave it (RFC 3261 section 13.3.1.4).
            return Due()
        }
        return tell(key, .respond(answer.status), now)
    }

    mutating func acknowledge(_ key: ServerTransactionKey, at now: Moment) -> [Work] {
        tell(key, .ack, now).ended
    }

    mutating func fire(at now: Moment) -> Due {
        var due = Due()
        while let key = agenda.popDue(at: now) {
            guard let transaction = transactions[key] else { continue }
            if let work = transaction.work, !transaction.isAnswered, transaction.surrender <= now {
                let more = respond(to: work.id, SIPAnswer(504, reason: "No Answer In Time"), at: now)
                due.sendings += more?.sendings ?? []
                due.ended += more?.ended ?? []
                continue
            }
            let more = obey(transactions[key]?.timed.fire(at: now) ?? [], key)
            due.sendings += more.sendings
            due.ended += more.ended
        }
        return due
    }

    private mutating func begin(
        _ key: ServerTransactionKey,
        _ draft: ResponseDraft,
        _ work: Work?,
        _ now: Moment
    ) {
        var timed = TimedMachine(InviteServer(isReliable: draft.origin.transport.isReliable, timing: timing))
        _ = timed.handle(.request, at: now)
        transactions[key] = Transaction(
            timed: timed,
            draft: draft,
            octets: [],
            work: work,
            surrender: now + Self.silence
        )
    }

    private mutating func tell(
        _ key: ServerTransactionKey,
        _ input: InviteServer.Input,
        _ now: Moment
    ) -> Due {
        guard let outputs = transactions[key]?.timed.handle(input, at: now) else { return Due() }
        return obey(outputs, key)
    }

    private mutating func obey(_ outputs: [InviteServer.Output], _ key: ServerTransactionKey) -> Due {
        var due = Due()
        for output in outputs {
            guard let draft = transactions[key]?.draft else { break }
            switch output {
            case .response, .repeat:
                due.sendings.append(Sending(octets: transactions[key]?.octets ?? [], draft: draft))
            case .trying:
                let octets = draft.octets(SIPAnswer(100))
                transactions[key]?.octets = octets
                due.sendings.append(Sending(octets: octets, draft: draft))
            case .pass, .passAcknowledgement, .failed: break
            }
        }
        if transactions[key]?.timed.machine.isTerminated == true {
            if let work = transactions[key]?.work {
                delivered[work.id] = nil
                due.ended.append(work)
            }
            transactions[key] = nil
            agenda.cancel(key)
        } else {
            rescheduled(key)
        }
        return due
    }

    private mutating func rescheduled(_ key: ServerTransactionKey) {
        if let next = transactions[key]?.next { agenda.set(key, at: next) }
    }
}
