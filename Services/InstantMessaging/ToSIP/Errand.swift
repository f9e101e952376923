import BusContract
import MachineKit

/// A message that has to be brought to SIP, and who waits to hear of it.
struct Errand: Hashable, Sendable {
    /// The delivery that brought the stanza.
    let delivery: DeliveryID
    let trace: String
    /// When it must have been answered.
    let deadline: Moment
    /// When it must at least have left the queue.
    let turn: Moment
    let draft: SIPDraft
}
