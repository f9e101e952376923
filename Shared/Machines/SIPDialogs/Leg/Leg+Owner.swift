import MachineKit
import SIPGrammar

/// What the owner says to what the peer has asked.
extension Leg {
    /// Answers the offer that is outstanding, or makes the one that the peer's INVITE asks for.
    mutating func answer(_ body: SessionBody, _ turn: inout Turn) {
        switch exchange.outstanding {
        case .theirs(.invite):
            accept(Acceptance(body: body, headers: SIPHeaders()), &turn)
        case .theirs(.update):
            guard let update else { return }
            exchange.answer(body)
            self.update = nil
            turn.cancel(.promptness)
            answer(update, body, &turn)
        case .theirs(.prack(let prack)):
            exchange.answer(body)
            turn.cancel(.promptness)
            let all: SIPHeaders = [.contentType: body.contentType]
            reply(prack, 200, headers: all, body: body.octets, &turn)
            provisionalIsThrough(&turn)
        case .theirs(.provisional(let rAck)):
            exchange.answer(body)
            acknowledge(rAck, body, &turn)
        case .theirs(.success(let label, let number)):
            exchange.answer(body)
            complete(label, number, body, &turn)
        case nil where invite?.hasOffer == false && invite?.isOpen == true:
            accept(Acceptance(body: body, headers: SIPHeaders()), &turn)
        case .ours, nil:
            turn.ignore("an answer to no offer")
        }
    }

    /// Refuses the offer that is outstanding; what was agreed before holds.
    mutating func refuseOffer(_ status: Int, _ headers: SIPHeaders, _ turn: inout Turn) {
        switch exchange.outstanding {
        case .theirs(.invite):
            reject(status, headers: headers, &turn)
        case .theirs(.update):
            guard let update else { return }
            exchange.withdraw()
            self.update = nil
            turn.cancel(.promptness)
            reply(update.request, status, headers: headers, &turn)
        case .theirs(.prack(let prack)):
            exchange.withdraw()
            turn.cancel(.promptness)
            reply(prack, status, headers: headers, &turn)
            provisionalIsThrough(&turn)
        case .theirs(.success(let label, let number)):
            // There is no way to refuse here but to have no session (RFC 6337 section 3.2).
            exchange.withdraw()
            acknowledge(label, number, nil, &turn)
            turn.end(.farewell(.rejected(status), [.status(status)]))
        case nil where invite?.hasOffer == false && isEstablished:
            reject(status, headers: headers, &turn)
        case .theirs(.provisional), .ours, nil:
            turn.ignore("no offer that can be refused")
        }
    }

    /// Timer "promptness": the owner did not answer an offer that must be answered at once (RFC 3311 section 5.2).
    mutating func loseOffer(_ turn: inout Turn) {
        switch exchange.outstanding {
        case .theirs(.update), .theirs(.prack):
            refuseOffer(504, SIPHeaders(), &turn)
            turn.tell(.offerWithdrawn)
        case .theirs, .ours, nil:
            turn.ignore("a timer of another state")
        }
    }

    /// Answers a request that was left to the owner.
    mutating func respond(
        _ id: RequestID,
        _ status: Int,
        reason: String?,
        headers: SIPHeaders,
        body: [UInt8],
        _ turn: inout Turn
    ) {
        if let index = arrived.firstIndex(where: { $0.id == id }) {
            let request = arrived[index]
            if status >= 200 { arrived.remove(at: index) }
            reply(request, status, reason: reason, headers: headers, body: body, &turn)
        } else if let index = referralsIn.firstIndex(where: { $0.id == id }),
            let request = referralsIn[index].request, status >= 300
        {
            referralsIn.remove(at: index)
            reply(request, status, reason: reason, headers: headers, body: body, &turn)
        } else {
            turn.ignore("an answer to a request that has one, or never was")
        }
    }
}
