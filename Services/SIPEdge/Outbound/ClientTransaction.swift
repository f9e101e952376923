import MachineKit
import NIOCore
import SIPTransactions
import SIPTransport

/// A request that is on the wire, and what the client must know about it.
final class ClientTransaction {
    /// What it is for.
    enum Purpose {
        /// Somebody's request.
        case errand(Errand)
        /// Our own question whether the target lives.
        case probe
    }

    /// How it ended.
    enum Ending: Hashable {
        /// With a final response, which whoever gives the ending has in hand.
        case answered
        /// Timer F, or the asker's patience.
        case unanswered
        /// Nothing of it has left.
        case unsent(SendFailure)
        /// The datagram was refused (ICMP).
        case refused
        /// The connection closed with the answer outstanding.
        case cutOff
    }

    let key: ClientTransactionKey
    let purpose: Purpose
    let target: TransportTarget
    let octets: ByteBuffer
    let startedAt: Moment
    let deadline: Moment
    var timed: TimedMachine<NonInviteClient>
    var hasBeenPut = false
    /// The connection that it went over.
    var connection: ConnectionID?
    var sendFailure: SendFailure?
    /// Whether any response has come, a provisional one included.
    var isHeard = false
    /// When silence becomes suspicious; nil when it has been noticed.
    var silentAt: Moment?

    init(
        _ key: ClientTransactionKey,
        for purpose: Purpose,
        to target: TransportTarget,
        octets: ByteBuffer,
        from startedAt: Moment,
        until deadline: Moment,
        timing: TransactionTiming
    ) {
        self.key = key
        self.purpose = purpose
        self.target = target
        self.octets = octets
        self.startedAt = startedAt
        self.deadline = deadline
        timed = TimedMachine(NonInviteClient(isReliable: target.transport.isReliable, timing: timing))
    }

    /// The request that it carries; nil for a probe.
    var errand: Errand? {
        switch purpose {
        case .errand(let errand): errand
        case .probe: nil
        }
    }

    /// When to look at it: a timer, the end of its time, or silence.
    var next: Moment? {
        guard let timer = timed.next else { return nil }
        let soonest = min(timer, deadline)
        return silentAt.map { min($0, soonest) } ?? soonest
    }
}
