import MachineKit
import SIPGrammar

extension InviteSession {
    mutating func perform(_ command: SessionCommand, _ turn: inout Turn) {
        switch phase {
        case .idle(.caller(let invitation)): idle(invitation, command, &turn)
        case .idle(.callee): turn.ignore("before the INVITE")
        case .calling(var calling):
            self.calling(&calling, command, &turn)
            phase = .calling(calling)
        case .talking(var leg):
            talking(&leg, command, &turn)
            phase = .talking(leg)
        case .leaving: turn.ignore("a command after the BYE")
        case .ended: turn.ignore("a command after the end")
        }
    }

    private mutating func idle(_ invitation: Invitation, _ command: SessionCommand, _ turn: inout Turn) {
        switch command {
        case .start(let offer):
            let calling = Calling(invitation, offer, SessionTiming(), &turn)
            first = calling.first
            phase = .calling(calling)
        case .hangUp(let reasons, headers: _):
            turn.end(.now(.cancelled(reasons, byPeer: false)))
        case .progress, .accept, .reject, .answer, .refuse, .change, .send, .respond, .refer,
            .acceptReferral, .report:
            turn.ignore("before the call is made")
        }
    }

    private func calling(_ calling: inout Calling, _ command: SessionCommand, _ turn: inout Turn) {
        switch command {
        case .hangUp(let reasons, let headers):
            calling.cancel(reasons, headers, &turn)
        case .answer(let body, let fork):
            calling.offered(fork, &turn) { leg, turn in leg.answer(body, &turn) }
        case .refuse(let status, let headers):
            calling.offered(nil, &turn) { leg, turn in leg.refuseOffer(status, headers, &turn) }
        case .change(let body, let promptly):
            calling.want(body, promptly: promptly)
        case .respond(let id, let status, let reason, let headers, let body):
            calling.respond(id, status, reason, headers, body, &turn)
        case .send(let method, let reference, let headers, let body):
            // Of several forks none is the one that is meant.
            guard calling.legs.count == 1, calling.cancel == nil else {
                return turn.tell(.response(SIPResponse(503), reference: reference))
            }
            send(&calling.legs[0], method, reference, headers, body, &turn)
        case .refer(_, let reference):
            turn.tell(.transfer(.refused(503), reference: reference))
        case .acceptReferral(let id):
            guard let index = calling.fork(referredBy: id) else { return turn.ignore("no such referral") }
            calling.legs[index].acceptReferral(id, &turn)
        case .report(let id, let status, let reason):
            guard let index = calling.fork(referredBy: id) else { return turn.ignore("no such referral") }
            calling.legs[index].report(id, status, reason, &turn)
        case .start, .progress, .accept, .reject:
            turn.ignore("before the call is answered")
        }
    }

    private func talking(_ leg: inout Leg, _ command: SessionCommand, _ turn: inout Turn) {
        switch command {
        case .start:
            turn.ignore("started twice")
        case .progress(let status, let body, let reliably, let headers):
            let provisional = Leg.Provisional(status: status, body: body, headers: headers)
            leg.progress(provisional, reliably: reliably, &turn)
        case .accept(let body, let headers):
            leg.accept(Leg.Acceptance(body: body, headers: headers), &turn)
        case .reject(let status, let reason, let headers, let body):
            guard leg.invite?.success == nil, leg.invite != nil else {
                return turn.ignore("nothing to reject")
            }
            leg.reject(max(status, 300), reason: reason, headers: headers, body: body, &turn)
            if !leg.isEstablished { turn.end(.now(.rejected(status))) }
        case .answer(let body, fork: _):
            leg.answer(body, &turn)
        case .refuse(let status, let headers):
            leg.refuseOffer(max(status, 300), headers, &turn)
            if !leg.isEstablished, leg.invite == nil, turn.ending == nil { turn.end(.now(.rejected(status))) }
        case .change(let body, let promptly):
            leg.want(body, promptly: promptly)
        case .hangUp(let reasons, let headers):
            hangUp(&leg, reasons, headers, &turn)
        case .send(let method, let reference, let headers, let body):
            send(&leg, method, reference, headers, body, &turn)
        case .respond(let id, let status, let reason, let headers, let body):
            leg.respond(id, status, reason: reason, headers: headers, body: body, &turn)
        case .refer(let referral, let reference):
            leg.refer(referral, reference, &turn)
        case .acceptReferral(let id):
            leg.acceptReferral(id, &turn)
        case .report(let id, let status, let reason):
            leg.report(id, status, reason, &turn)
        }
    }

    /// Sends a request that has no rules of its own in a session.
    private func send(
        _ leg: inout Leg,
        _ method: SIPMethod,
        _ reference: String,
        _ headers: SIPHeaders,
        _ body: [UInt8],
        _ turn: inout Turn
    ) {
        guard ![.invite, .ack, .bye, .cancel, .prack, .update, .refer].contains(method),
            leg.sent.count < Leg.maximumArrived
        else { return turn.tell(.response(SIPResponse(503), reference: reference)) }
        leg.send(method, .other(reference), headers: headers, octets: body, &turn)
    }

    private func hangUp(_ leg: inout Leg, _ reasons: [SIPReason], _ headers: SIPHeaders, _ turn: inout Turn) {
        guard let invite = leg.invite, !leg.isEstablished, invite.success == nil else {
            return turn.end(.farewell(.hungUp(reasons, byPeer: false), reasons, headers))
        }
        leg.reject(480, headers: headers, &turn)
        turn.end(.now(.rejected(480)))
    }
}

extension Calling {
    /// Queues a change for whichever fork will answer.
    fileprivate mutating func want(_ body: SessionBody, promptly: Bool) {
        wish = Leg.PendingChange(body: body, isPrompt: promptly)
        for index in legs.indices { legs[index].want(body, promptly: promptly) }
    }

    /// Does something with one fork, or with the first that has an offer outstanding.
    fileprivate mutating func offered(
        _ fork: String?,
        _ turn: inout Turn,
        _ body: (inout Leg, inout Turn) -> Void
    ) {
        let index =
            legs.firstIndex { leg in fork.map { $0 == leg.fork } ?? !leg.exchange.isFree }
            ?? legs.indices.first
        guard let index, cancel == nil else { return turn.ignore("before there is a dialog") }
        body(&legs[index], &turn)
    }

    fileprivate func fork(referredBy id: RequestID) -> Int? {
        legs.firstIndex { leg in leg.referralsIn.contains { $0.id == id } }
    }

    fileprivate mutating func respond(
        _ id: RequestID,
        _ status: Int,
        _ reason: String?,
        _ headers: SIPHeaders,
        _ body: [UInt8],
        _ turn: inout Turn
    ) {
        guard let index = legs.firstIndex(where: { $0.isOpen(id) }) else {
            return turn.ignore("an answer to a request that has one, or never was")
        }
        legs[index].respond(id, status, reason: reason, headers: headers, body: body, &turn)
    }
}
