import BusContract
import MachineKit
import XMPPGrammar

/// A stanza that is on its way for a MESSAGE that has no answer yet.
struct StanzaInFlight: Hashable, Sendable {
    enum Progress: Hashable, Sendable {
        /// It has not left the gateway yet.
        case leaving
        /// It has left, and may bounce until the window closes.
        case exposed
    }

    /// The delivery that brought the MESSAGE.
    let arrival: DeliveryID
    let stanzaID: String
    let page: SIPPage
    /// When whoever asked gives up.
    let deadline: Moment
    var progress = Progress.leaving
}
