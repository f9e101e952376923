import MachineKit
import SIPGrammar

// Conforms: RFC 3261 §9 (complete)

extension InviteSession {
    // MARK: Requests

    mutating func arrive(_ id: RequestID, _ request: SIPRequest, _ turn: inout Turn) {
        switch phase {
        case .idle(.callee(let tag, let contact, let firstNumber)):
            phase = invited(id, request, tag, contact, firstNumber, &turn) ?? phase
        case .idle(.caller):
            Self.refuse(id, request, &turn)
        case .calling(var calling):
            arrive(&calling, id, request, &turn)
            phase = .calling(calling)
        case .talking(var leg):
            guard !leg.isOpen(id) else { return turn.ignore("a request that was told before") }
            guard Self.belongs(request, to: leg) else { return Self.refuse(id, request, &turn) }
            leg.arrive(id, request, &turn)
            phase = .talking(leg)
        case .leaving(let leg, bye: _, let end):
            guard request.method == .bye, Self.belongs(request, to: leg) else {
                return Self.refuse(id, request, &turn)
            }
            turn.respond(id, request.response(200, toTag: leg.tag, headers: turn.settings.headers))
            turn.end(.now(end))
        case .ended:
            Self.refuse(id, request, &turn)
        }
    }

    private static func belongs(_ request: SIPRequest, to leg: Leg) -> Bool {
        // A CANCEL has the To of the INVITE, which has no tag if it is the first.
        if request.method == .cancel, let to = try? request.headers.to(), to.tag == nil {
            let from = try? request.headers.from()
            let callID = try? request.headers.callID()
            return from?.tag ?? "" == leg.fork && callID == leg.dialog.id.callID
        }
        return (try? leg.dialog.owns(request.headers)) ?? false
    }

    /// Answers a request that belongs to nothing here: 481.
    private static func refuse(_ id: RequestID, _ request: SIPRequest, _ turn: inout Turn) {
        guard request.method != .ack else { return turn.ignore("an ACK of no dialog") }
        turn.respond(id, request.response(481, headers: turn.settings.headers))
    }

    /// Takes the INVITE that begins the session (RFC 3261 section 13.3.1).
    private func invited(
        _ id: RequestID,
        _ request: SIPRequest,
        _ tag: String,
        _ contact: SIPNameAddress,
        _ firstNumber: UInt32,
        _ turn: inout Turn
    ) -> Phase? {
        func refuse(_ status: Int, _ reason: String? = nil, _ others: SIPHeaders = SIPHeaders()) -> Phase {
            var headers = turn.settings.headers
            headers.append(contentsOf: others)
            turn.respond(id, request.response(status, reason: reason, toTag: tag, headers: headers))
            turn.end(.now(.rejected(status)))
            return .ended(nil, isOver: false)
        }
        guard request.method == .invite, (try? request.headers.to().tag) ?? nil == nil else {
            Self.refuse(id, request, &turn)
            return nil
        }
        if let refusal = Refusal(request, turn.settings) {
            return refuse(refusal.status, nil, refusal.headers)
        }
        let dialog: SIPDialog
        do throws(SIPDialogFault) {
            dialog = try SIPDialog(received: request, localTag: tag, firstNumber: firstNumber)
        } catch {
            return refuse(error.status, error.phrase)
        }
        var leg = Leg(dialog, contact: contact, ownsCallID: false)
        guard let arrival = ArrivedRequest(id, request) else { return refuse(400) }
        guard !leg.timing.isTooShort(request.headers, turn.settings) else {
            let least = max(turn.settings.minimumInterval, SessionInterval.least)
            return refuse(422, nil, [.minSE: "\(least)"])
        }
        leg.begin(arrival, request, &turn)
        return .talking(leg)
    }

    private func arrive(_ calling: inout Calling, _ id: RequestID, _ request: SIPRequest, _ turn: inout Turn)
    {
        guard let index = calling.legs.firstIndex(where: { Self.belongs(request, to: $0) }) else {
            return Self.refuse(id, request, &turn)
        }
        guard !calling.legs[index].isOpen(id) else { return turn.ignore("a request that was told before") }
        switch request.method {
        case .bye:
            // A callee does not leave an early dialog so, but with a final response (RFC 3261 section 15).
            turn.respond(id, request.response(200, headers: turn.settings.headers))
            let fork = calling.legs[index].fork
            calling.legs[index].closeArrived(&turn)
            calling.legs.remove(at: index)
            turn.tell(.forkEnded(fork))
        default:
            calling.legs[index].arrive(id, request, &turn)
        }
    }

    // MARK: Responses

    mutating func receive(_ label: RequestLabel, _ response: SIPResponse, _ turn: inout Turn) {
        switch phase {
        case .idle: turn.ignore("a response to nothing")
        case .calling(let calling) where label == calling.first.label:
            invited(calling, response, &turn)
        case .calling(var calling):
            let index = calling.legs.firstIndex { $0.sent.contains { $0.label == label } }
            guard let index else { return turn.ignore("a response to nothing that waits for one") }
            calling.legs[index].receive(label, response, &turn)
            phase = .calling(calling)
        case .talking(var leg):
            guard !late(label, response, leg, &turn) else { return }
            leg.receive(label, response, &turn)
            phase = .talking(leg)
        case .leaving(let leg, let bye, let end):
            guard !late(label, response, leg, &turn) else { return }
            guard label == bye else { return leg.acknowledgeLate(label, response, &turn) }
            if response.isFinal { turn.end(.now(end)) }
        case .ended(let leg, isOver: _):
            guard !late(label, response, leg, &turn) else { return }
            guard let leg else { return turn.ignore("a response after the end") }
            leg.acknowledgeLate(label, response, &turn)
        }
    }

    /// Takes a response to the first INVITE while no answer was heard.
    private mutating func invited(_ calling: Calling, _ response: SIPResponse, _ turn: inout Turn) {
        var calling = calling
        calling.first.learn(response)
        first?.learn(response)
        if response.isProvisional {
            calling.provisional(response, &turn)
            phase = .calling(calling)
        } else if response.isSuccess {
            guard let leg = calling.succeeded(response, &turn) else { return }
            turn.cancel(.cancelled)
            for var other in calling.legs { other.closeArrived(&turn) }
            phase = .talking(leg)
            if let cancel = calling.cancel {
                let end = SessionEnd.cancelled(cancel.reasons, byPeer: false)
                turn.end(.farewell(end, cancel.reasons, cancel.headers))
            }
        } else if let again = calling.again(response, &turn) {
            phase = .calling(again)
            first = again.first
        } else {
            phase = .calling(calling)
            let end = calling.cancel.map { SessionEnd.cancelled($0.reasons, byPeer: false) }
            turn.end(.now(end ?? .refused(response)))
        }
    }

    /// Takes what comes to the first INVITE when one fork has answered: another fork's 2xx is left at once.
    private mutating func late(
        _ label: RequestLabel,
        _ response: SIPResponse,
        _ leg: Leg?,
        _ turn: inout Turn
    ) -> Bool {
        guard var first, first.label == label else { return false }
        first.learn(response)
        guard response.isSuccess else {
            turn.ignore("a late response to the first INVITE")
            return true
        }
        let to = (try? response.headers.to()) ?? nil
        let fork = to?.tag ?? ""
        if let leg, fork == leg.fork, leg.dialog.isConfirmed {
            if !leg.repeatAcknowledgement(label, fork: fork, &turn) {
                turn.ignore("a 2xx whose offer has no answer yet")
            }
            return true
        }
        first.leave(response, &turn)
        self.first = first
        return true
    }
}

extension Leg {
    /// Acknowledges a 2xx to a re-INVITE that the end has overtaken.
    fileprivate func acknowledgeLate(_ label: RequestLabel, _ response: SIPResponse, _ turn: inout Turn) {
        guard response.isSuccess else { return turn.ignore("a response after the end") }
        if repeatAcknowledgement(label, fork: fork, &turn) { return }
        guard let request = sent.first(where: { $0.label == label && $0.kind == .invite }) else {
            return turn.ignore("a response after the end")
        }
        turn.acknowledge(dialog.acknowledgement(of: request.number, headers: turn.settings.headers))
    }
}
