import MachineKit
import SIPGrammar

/// Responses to our requests inside the dialog.
extension Leg {
    /// Takes a response to a request of a label, if it is this dialog's; a failure to send is one too.
    mutating func receive(_ label: RequestLabel, _ response: SIPResponse, _ turn: inout Turn) {
        guard let index = sent.firstIndex(where: { $0.label == label }) else {
            if response.isSuccess, repeatAcknowledgement(label, fork: fork, &turn) { return }
            return turn.ignore("a response to nothing that waits for one")
        }
        let request = sent[index]
        let number = SIPDialog.number(request.number, answeredBy: response)
        dialog.learn(number)
        guard response.isFinal else {
            guard request.kind == .invite else { return turn.ignore("a provisional response") }
            if response.status > 100 { _ = provisional(number, response, &turn) }
            return
        }
        sent.remove(at: index)
        switch request.kind {
        case .invite where response.isSuccess:
            dialog.refreshTarget(response.headers)
            succeeded(label, number, response, &turn)
            changeIsDone()
        case .update where response.isSuccess:
            updated(response, &turn)
        case .invite, .update:
            changeFailed(response, &turn)
        case .prack:
            turn.ignore("the response to a PRACK")
        case .refer(let reference):
            referred(request.number, reference, response, &turn)
            if response.status == 481, isEstablished { turn.end(.farewell(.lost(481))) }
        case .notify(let id):
            reported(id, response)
        case .other(let reference):
            turn.tell(.response(response, reference: reference))
            if isFatal(response.status) { turn.end(.farewell(.lost(response.status), [])) }
        case .bye:
            turn.ignore("the response to a BYE")
        }
    }

    /// Whether a failure of a request that is no business of the INVITE usage's ends it (RFC 5057 section 5.1).
    ///
    /// Before the ACK the peer may not know of the dialog yet.
    private func isFatal(_ status: Int) -> Bool {
        guard isEstablished else { return false }
        return switch ResponseImpact(of: status) {
        case .transaction: false
        case .usage: status == 481
        case .dialog: true
        }
    }
}
