import MachineKit
import SIPGrammar

/// The first INVITE of ours: what is known of it for as long as its responses may come.
struct FirstInvite: Hashable, Sendable, Codable {
    let label: RequestLabel
    private(set) var number: UInt32
    /// The INVITE as dialogs and its CANCEL need it: without its body.
    let request: SIPRequest
    /// Forks that answered too late: each was acknowledged and left.
    var lost: [Leg.Acknowledgement] = []

    init(label: RequestLabel, number: UInt32, request: SIPRequest) {
        self.label = label
        self.number = number
        self.request = request
    }

    /// Takes note of the number that it had on the wire: that of its ACK and its CANCEL.
    mutating func learn(_ response: SIPResponse) {
        number = SIPDialog.number(number, answeredBy: response)
    }

    /// Acknowledges the 2xx of a fork that is not wanted, and says good-bye to it (RFC 3261 section 13.2.2.4).
    mutating func leave(_ response: SIPResponse, _ turn: inout Turn) {
        guard var dialog = try? SIPDialog(sent: request, answered: response) else {
            return turn.ignore("a 2xx that makes no dialog")
        }
        let fork = dialog.id.remoteTag
        if let known = lost.first(where: { $0.fork == fork }) { return turn.acknowledge(known.request) }
        guard lost.count < Calling.maximumForks else { return turn.ignore("too many forks") }
        let acknowledgement = dialog.acknowledgement(of: number, headers: turn.settings.headers)
        lost.append(Leg.Acknowledgement(label: label, fork: fork, request: acknowledgement))
        turn.acknowledge(acknowledgement)
        _ = turn.send(dialog.request(.bye, headers: turn.settings.headers))
    }
}
