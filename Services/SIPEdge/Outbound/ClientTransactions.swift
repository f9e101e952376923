import MachineKit
import NIOCore
import SIPGrammar
import SIPTransactions
import SIPTransport

/// The client transactions that are under way: puts them on the wire, matches responses, keeps their time.
///
/// Each ends exactly once, in `ended`. Before that it may be silent, once: nothing was heard for so long that a living
/// hop would have said 100 by now (RFC 4320 section 4.1).
final class ClientTransactions {
    private let around: UserAgentClient.Surroundings
    private let timing: TransactionTiming
    private var running: [ClientTransactionKey: ClientTransaction] = [:]
    private var agenda = Agenda<ClientTransactionKey>()
    /// How many requests wait for answers over each connection.
    private var owed: [ConnectionID: Int] = [:]
    /// Transactions that are somebody's request.
    private(set) var errands = 0

    var ended: (ClientTransaction, ClientTransaction.Ending, SIPResponse?) -> Void = { _, _, _ in }
    var silent: (ClientTransaction) -> Void = { _ in }

    init(_ surroundings: UserAgentClient.Surroundings, timing: TransactionTiming) {
        around = surroundings
        self.timing = timing
    }

    var nextMoment: Moment? { agenda.nextMoment }

    /// Sends a request for the first time.
    func start(
        _ key: ClientTransactionKey,
        for purpose: ClientTransaction.Purpose,
        to target: TransportTarget,
        _ octets: [UInt8],
        until deadline: Moment
    ) {
        let now = around.now()
        let transaction = ClientTransaction(
            key,
            for: purpose,
            to: target,
            octets: ByteBuffer(bytes: octets),
            from: now,
            until: deadline,
            timing: timing
        )
        if transaction.errand != nil {
            errands += 1
            // By then four datagrams have left.
            transaction.silentAt = now + timing.t1 * 7
        }
        let outputs = transaction.timed.handle(.start, at: now)
        running[key] = transaction
        if let next = transaction.next {
            agenda.add(key, at: next)
            around.wake(next)
        }
        obey(outputs, transaction, nil)
    }

    /// Takes a response; false if it belongs to nothing.
    func received(_ response: SIPResponse, _ key: ClientTransactionKey) -> Bool {
        guard let transaction = running[key] else { return false }
        transaction.isHeard = true
        let outputs = transaction.timed.handle(.response(response.status), at: around.now())
        obey(outputs, transaction, response)
        return true
    }

    /// Datagrams to this address are refused.
    func refused(_ target: TransportTarget) {
        let now = around.now()
        for transaction in all(where: { $0.target == target }) {
            obey(transaction.timed.handle(.transportFailed, at: now), transaction, nil)
        }
    }

    /// A connection ended: what went over it will not be answered.
    func lost(_ connection: ConnectionID) {
        guard owed[connection] != nil else { return }
        for transaction in all(where: { $0.connection == connection }) { end(transaction, .cutOff) }
    }

    /// Does what is due.
    func fire(at now: Moment) {
        while let key = agenda.popDue(at: now) {
            guard let transaction = running[key] else { continue }
            guard transaction.deadline > now else {
                end(transaction, .unanswered)
                continue
            }
            obey(transaction.timed.fire(at: now), transaction, nil)
            if let silentAt = transaction.silentAt, silentAt <= now {
                transaction.silentAt = nil
                if !transaction.isHeard, running[key] === transaction { silent(transaction) }
            }
            if running[key] === transaction, let next = transaction.next { agenda.set(key, at: next) }
        }
    }

    /// Somebody's requests to a target of which nothing was heard for suspiciously long.
    func silentErrands(to target: TransportTarget) -> [ClientTransaction] {
        all { $0.target == target && !$0.isHeard && $0.silentAt == nil && $0.errand != nil }
    }

    /// Ends a transaction whose answer is not waited for any more; false if it has ended already.
    func abandon(_ transaction: ClientTransaction) -> Bool {
        guard running[transaction.key] === transaction else { return false }
        forget(transaction)
        return true
    }

    private func all(where isMeant: (ClientTransaction) -> Bool) -> [ClientTransaction] {
        running.values.filter(isMeant)
    }

    private func obey(
        _ outputs: [NonInviteClient.Output],
        _ transaction: ClientTransaction,
        _ response: SIPResponse?
    ) {
        for output in outputs {
            switch output {
            case .request: put(transaction)
            case .response(let status) where status < 200: break
            case .response: end(transaction, .answered, response)
            case .failed(.timeout): end(transaction, .unanswered)
            case .failed(.transport):
                end(transaction, transaction.sendFailure.map { .unsent($0) } ?? .refused)
            }
        }
    }

    /// Puts the request on the wire, for the first time or again.
    private func put(_ transaction: ClientTransaction) {
        guard !transaction.hasBeenPut else { return around.resend(transaction.octets, transaction.target) }
        transaction.hasBeenPut = true
        around.send(transaction.octets, transaction.target) { [weak self] outcome in
            guard let self, running[transaction.key] === transaction else { return }
            switch outcome {
            case .sent(nil): break
            case .sent(let connection?):
                transaction.connection = connection
                owed[connection, default: 0] += 1
            case .failed(let failure):
                transaction.sendFailure = failure
                obey(transaction.timed.handle(.transportFailed, at: around.now()), transaction, nil)
            }
        }
    }

    private func end(
        _ transaction: ClientTransaction,
        _ ending: ClientTransaction.Ending,
        _ response: SIPResponse? = nil
    ) {
        guard running[transaction.key] === transaction else { return }
        forget(transaction)
        ended(transaction, ending, response)
    }

    private func forget(_ transaction: ClientTransaction) {
        // A response that comes again after this matches nothing and is dropped: Timer K needs no memory.
        agenda.cancel(transaction.key)
        running[transaction.key] = nil
        if transaction.errand != nil { errands -= 1 }
        guard let connection = transaction.connection else { return }
        let left = owed[connection, default: 1] - 1
        owed[connection] = left > 0 ? left : nil
    }
}
