import MachineKit
import SIPGrammar

// Conforms: RFC 3261 §12.2.2 (complete)
// Conforms: RFC 3311 §5.2 (complete)

/// Requests of the peer's inside the dialog.
extension Leg {
    /// Whether a request was given to us before and is still open: its owner may tell it twice.
    func isOpen(_ id: RequestID) -> Bool {
        if invite?.request.id == id || update?.request.id == id { return true }
        if case .theirs(.prack(let prack)) = exchange.outstanding, prack.id == id { return true }
        return arrived.contains { $0.id == id } || referralsIn.contains { $0.request?.id == id }
    }

    /// Takes a request whose tags are this dialog's.
    mutating func arrive(_ id: RequestID, _ request: SIPRequest, _ turn: inout Turn) {
        if request.method == .ack { return acknowledged(request, &turn) }
        guard let arrival = ArrivedRequest(id, request) else {
            return turn.respond(id, request.response(400, toTag: tag))
        }
        // It has the To and the number of its INVITE, hence perhaps no tag.
        if request.method == .cancel { return cancelled(arrival, request, &turn) }
        switch dialog.admit(request) {
        case .admitted: break
        case .foreign: return reply(arrival, 481, &turn)
        case .outOfOrder: return reply(arrival, 500, headers: turn.retryAfter(), &turn)
        case .malformed(let error):
            return reply(arrival, error.status, reason: error.phrase, &turn)
        }
        if let refusal = Refusal(request, turn.settings) {
            return reply(arrival, refusal.status, headers: refusal.headers, &turn)
        }
        switch request.method {
        case .invite: invited(arrival, request, &turn)
        case .prack: acknowledgedProvisional(arrival, request, &turn)
        case .update: updateArrived(arrival, request, &turn)
        case .bye: byeArrived(arrival, request, &turn)
        case .refer: referralArrived(arrival, request, &turn)
        case .notify: notifyArrived(arrival, request, &turn)
        case .options:
            let abilities = headers(turn.settings, isTargetRefresh: true)
            turn.respond(id, arrival.response(200, tag: tag, headers: abilities))
        default: keep(arrival, request, &turn)
        }
    }

    /// Leaves a request to the owner.
    mutating func keep(_ arrival: ArrivedRequest, _ request: SIPRequest, _ turn: inout Turn) {
        guard arrived.count < Self.maximumArrived else {
            return reply(arrival, 500, headers: turn.retryAfter(), &turn)
        }
        arrived.append(arrival)
        turn.tell(.request(arrival.id, request))
    }

    /// Another INVITE inside the dialog (RFC 3261 section 14.2, RFC 6337 section 4.3).
    private mutating func invited(_ arrival: ArrivedRequest, _ request: SIPRequest, _ turn: inout Turn) {
        if sent.contains(where: { $0.kind == .invite || $0.kind == .update }) || isAnswerDue {
            return reply(arrival, 491, &turn)
        }
        if !isEstablished, invite == nil { return reply(arrival, 491, &turn) }
        if let invite, invite.success != nil, exchange.outstanding != .ours(.success) {
            // Who asks again has the 2xx; its ACK was lost or is late.
            turn.cancel(.repeatSuccess)
            turn.cancel(.successUnacknowledged)
            self.invite = nil
            if let farewell = invite.farewell {
                reply(arrival, 487, &turn)
                return turn.end(.farewell(farewell.end, farewell.reasons, farewell.headers))
            }
            if !isEstablished {
                isEstablished = true
                turn.tell(.established(fork: fork))
            }
        }
        guard invite == nil, update == nil, exchange.isFree, isEstablished else {
            return reply(arrival, 500, headers: turn.retryAfter(), &turn)
        }
        if timing.isTooShort(request.headers, turn.settings) { return refuseInterval(arrival, &turn) }
        begin(arrival, request, &turn)
    }

    /// Whether the peer waits for our PRACK or ACK with the answer in it.
    private var isAnswerDue: Bool {
        switch exchange.outstanding {
        case .theirs(.provisional), .theirs(.success): true
        case .theirs, .ours, nil: false
        }
    }

    func refuseInterval(_ arrival: ArrivedRequest, _ turn: inout Turn) {
        let least = max(turn.settings.minimumInterval, SessionInterval.least)
        reply(arrival, 422, headers: [.minSE: "\(least)"], &turn)
    }

    /// A CANCEL (RFC 3261 section 9.2).
    private mutating func cancelled(_ arrival: ArrivedRequest, _ request: SIPRequest, _ turn: inout Turn) {
        guard arrival.number == inviteNumber else { return reply(arrival, 481, &turn) }
        reply(arrival, 200, &turn)
        guard let invite, invite.success == nil else {
            return turn.ignore("a CANCEL of what has its final response")
        }
        reject(487, &turn)
        if isEstablished {
            turn.tell(.offerWithdrawn)
        } else {
            turn.end(.now(.cancelled(request.headers.reasons, byPeer: true)))
        }
    }

    /// An UPDATE (RFC 3311 section 5.2, RFC 6337 section 4.3).
    private mutating func updateArrived(_ arrival: ArrivedRequest, _ request: SIPRequest, _ turn: inout Turn)
    {
        let body = SessionBody(request.headers, request.body)
        guard update == nil else { return reply(arrival, 500, headers: turn.retryAfter(), &turn) }
        if let body {
            switch exchange.outstanding {
            case .ours: return reply(arrival, 491, &turn)
            case .theirs: return reply(arrival, 500, headers: turn.retryAfter(), &turn)
            case nil: break
            }
            if sent.contains(where: { [.invite, .update, .prack].contains($0.kind) }) {
                return reply(arrival, 491, &turn)
            }
            guard exchange.isSettled, invite?.unacknowledged == nil else {
                return reply(arrival, 500, headers: turn.retryAfter(), &turn)
            }
            if timing.isTooShort(request.headers, turn.settings) { return refuseInterval(arrival, &turn) }
            hear(request)
            exchange.receive(body, in: .update)
            update = updateFromPeer(arrival, request)
            turn.set(.promptness, in: turn.settings.promptness)
            turn.tell(.offered(body, fork: fork))
        } else {
            if timing.isTooShort(request.headers, turn.settings) { return refuseInterval(arrival, &turn) }
            hear(request)
            answer(updateFromPeer(arrival, request), nil, &turn)
        }
    }

    private mutating func hear(_ request: SIPRequest) {
        timing.hear(minimum: (try? request.headers.minSE()) ?? nil)
        peer.learn(request.headers)
    }

    private func updateFromPeer(_ arrival: ArrivedRequest, _ request: SIPRequest) -> UpdateFromPeer {
        UpdateFromPeer(
            request: arrival,
            contact: (try? request.headers.contacts().first) ?? nil,
            wish: SessionWish(request.headers)
        )
    }

    /// Answers an UPDATE with a 2xx.
    mutating func answer(_ update: UpdateFromPeer, _ body: SessionBody?, _ turn: inout Turn) {
        if let contact = update.contact { dialog.refreshTarget([.contact: contact.description]) }
        var all = headers(turn.settings, isTargetRefresh: true)
        if isEstablished {
            all.append(contentsOf: timing.answer(update.wish, turn.settings))
            startInterval(&turn)
        }
        if let body { all[.contentType] = body.contentType }
        turn.respond(
            update.request.id,
            update.request.response(200, tag: tag, headers: all, body: body?.octets ?? [])
        )
    }

    /// A BYE (RFC 3261 section 15.1.2).
    private mutating func byeArrived(_ arrival: ArrivedRequest, _ request: SIPRequest, _ turn: inout Turn) {
        reply(arrival, 200, &turn)
        turn.end(.now(.hungUp(request.headers.reasons, byPeer: true)))
    }
}
