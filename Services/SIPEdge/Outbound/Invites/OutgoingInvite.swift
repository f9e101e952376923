import BusContract
import MachineKit
import NIOCore
import SIPGrammar
import SIPTransactions
import SIPTransport

/// An INVITE that is on the wire, or was answered and may be answered again.
final class OutgoingInvite {
    /// How it ended without a final response.
    enum Ending: Hashable {
        /// Timer B, or the asker's patience.
        case unanswered
        /// Nothing of it has left.
        case unsent(SendFailure)
        /// The datagram was refused (ICMP).
        case refused
        /// The connection closed with the answer outstanding.
        case cutOff
        /// Nothing was heard for longer than anybody lets ring.
        case forgotten
    }

    let key: ClientTransactionKey
    var errand: Errand
    let target: TransportTarget
    let via: SIPVia
    let octets: ByteBuffer
    let startedAt: Moment
    var timed: TimedMachine<InviteClient>
    var hasBeenPut = false
    var connection: ConnectionID?
    var sendFailure: SendFailure?
    /// Whether a response from beyond the next hop was passed on: from then on no other target is tried.
    var isHeard = false
    /// Whether the final response has come.
    var isAnswered = false
    /// The ACK of a failure, which answers each repeat of it.
    var acknowledgement: ByteBuffer?
    /// When silence becomes suspicious; nil when it has been noticed.
    var silentAt: Moment?
    /// When it is forgotten, whatever comes.
    var surrender: Moment

    init(
        _ errand: Errand,
        to target: TransportTarget,
        via: SIPVia,
        _ octets: [UInt8],
        from startedAt: Moment,
        surrender: Moment,
        timing: TransactionTiming
    ) {
        key = ClientTransactionKey(branch: errand.branch, method: .invite)
        self.errand = errand
        self.target = target
        self.via = via
        self.octets = ByteBuffer(bytes: octets)
        self.startedAt = startedAt
        // By then three datagrams have left, and whoever lives has said 100 to one of them (RFC 3261 section 17.2.1).
        silentAt = startedAt + timing.t1 * 7
        self.surrender = surrender
        timed = TimedMachine(InviteClient(isReliable: target.transport.isReliable, timing: timing))
    }

    /// When to look at it: a timer, silence, the end of the asker's patience, or that of ours.
    var next: Moment {
        var soonest = surrender
        if let timer = timed.next { soonest = min(soonest, timer) }
        guard !errand.isTaken else { return soonest }
        if let silentAt { soonest = min(soonest, silentAt) }
        return min(soonest, errand.deadline)
    }
}
