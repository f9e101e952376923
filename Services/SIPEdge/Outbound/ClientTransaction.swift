import MachineKit
import NIOCore
import SIPTransactions
import SIPTransport

/// A request that is on the wire, and what the client must know about it.
final class ClientTransaction {
    var timed: TimedMachine<NonInviteClient>
    let errand: Errand
    let target: TransportTarget
    let octets: ByteBuffer
    var hasBeenPut = false
    /// The connection that it went over.
    var connection: ConnectionID?
    var sendFailure: SendFailure?

    init(timed: TimedMachine<NonInviteClient>, errand: Errand, target: TransportTarget, octets: ByteBuffer) {
        self.timed = timed
        self.errand = errand
        self.target = target
        self.octets = octets
    }

    /// When to look at it: a timer, or the end of its time.
    var next: Moment? {
        timed.next.map { min($0, errand.deadline) }
    }
}
