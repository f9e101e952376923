import MachineKit
import SIPGrammar

/// What is said again until it is acknowledged.
extension Leg {
    /// Timer "repeatProvisional": intervals double without an upper bound (RFC 3262 section 3).
    mutating func repeatProvisional(_ turn: inout Turn) {
        guard var unacknowledged = invite?.unacknowledged, invite?.success == nil,
            let request = invite?.request
        else { return turn.ignore("a timer of another state") }
        unacknowledged.interval *= 2
        invite?.unacknowledged = unacknowledged
        turn.respond(request.id, unacknowledged.response)
        turn.set(.repeatProvisional, in: unacknowledged.interval)
    }

    /// Timer "provisionalUnacknowledged": no PRACK came.
    mutating func giveUpProvisional(_ turn: inout Turn) {
        guard invite?.unacknowledged != nil, invite?.success == nil else {
            return turn.ignore("a timer of another state")
        }
        reject(504, &turn)
        if isEstablished {
            turn.tell(.offerWithdrawn)
        } else {
            turn.end(.now(.provisionalUnacknowledged))
        }
    }

    /// Timer "repeatSuccess": intervals double up to T2 (RFC 3261 section 13.3.1.4).
    mutating func repeatSuccess(_ turn: inout Turn) {
        guard var invite, let success = invite.success else { return turn.ignore("a timer of another state") }
        invite.interval = min(invite.interval * 2, turn.settings.t2)
        self.invite = invite
        turn.respond(invite.request.id, success)
        turn.set(.repeatSuccess, in: invite.interval)
    }

    /// Timer "successUnacknowledged": no ACK came; the dialog is there, but the session is to end.
    mutating func giveUpSuccess(_ turn: inout Turn) {
        guard let invite, invite.success != nil else { return turn.ignore("a timer of another state") }
        turn.cancel(.repeatSuccess)
        self.invite = nil
        guard let farewell = invite.farewell else { return turn.end(.farewell(.unacknowledged)) }
        turn.end(.farewell(farewell.end, farewell.reasons, farewell.headers))
    }
}
