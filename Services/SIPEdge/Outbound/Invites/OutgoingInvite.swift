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
    let errand: Errand
    let target: TransportTarget
    let via: SIPVia
    let octets: ByteBuffer
    var timed: TimedMachine<InviteClient>
    var hasBeenPut = false
    var connection: ConnectionID?
    var sendFailure: SendFailure?
    /// Whether a response was passed on: from then on no other target is tried.
    var isHeard = false
    /// Whether the final response has come.
    var isAnswered = false
    /// The ACK of a failure, which answers each repeat of it.
    var acknowledgement: ByteBuffer?
    /// When it is forgotten, whatever comes.
    var surrender: Moment
    /// How many responses were passed on.
    var responses = 0

    init(
        _ errand: Errand,
        to target: TransportTarget,
        via: SIPVia,
        _ octets: [UInt8],
        surrender: Moment,
        timing: TransactionTiming
    ) {
        key = ClientTransactionKey(branch: errand.branch, method: .invite)
        self.errand = errand
        self.target = target
        self.via = via
        self.octets = ByteBuffer(bytes: octets)
        self.surrender = surrender
        timed = TimedMachine(InviteClient(isReliable: target.transport.isReliable, timing: timing))
    }

    /// When to look at it: a timer, the end of the asker's patience, or that of ours.
    var next: Moment {
        var soonest = surrender
        if let timer = timed.next { soonest = min(soonest, timer) }
        return isHeard ? soonest : min(soonest, errand.deadline)
    }
}
