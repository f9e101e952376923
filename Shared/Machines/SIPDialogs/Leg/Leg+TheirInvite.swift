import MachineKit
import SIPGrammar

// Conforms: RFC 3261 §13.3.1 (complete)
// Conforms: RFC 3261 §14.2 (complete)
// Conforms: RFC 3262 §3 (complete)

/// The peer's INVITE, the first or another, and our responses to it.
extension Leg {
    /// How many provisional responses may wait for their predecessor's PRACK.
    static let maximumWaiting = 8

    /// Takes an INVITE that is in order.
    mutating func begin(_ request: ArrivedRequest, _ original: SIPRequest, _ turn: inout Turn) {
        let body = SessionBody(original.headers, original.body)
        let headers = original.headers
        inviteNumber = request.number
        timing.hear(minimum: (try? headers.minSE()) ?? nil)
        peer.learn(headers)
        invite = InviteFromPeer(
            request: request,
            hasOffer: body != nil,
            contact: (try? headers.contacts().first) ?? nil,
            wish: SessionWish(headers),
            canBeReliable: Self.knows("100rel", headers) && turn.settings.extensions.contains("100rel"),
            mustBeReliable: headers.lists("100rel", in: .require),
            nextRSeq: UInt32(turn.supply.draw(1...0x7FFF_FFFF))
        )
        if let body { exchange.receive(body, in: .invite) }
        if !isEstablished {
            turn.tell(.invited(body))
        } else if let body {
            turn.tell(.offered(body, fork: fork))
        } else {
            turn.tell(.offerWanted)
        }
    }

    private static func knows(_ tag: String, _ headers: SIPHeaders) -> Bool {
        headers.lists(tag, in: .supported) || headers.lists(tag, in: .require)
    }

    /// Gives a provisional response (RFC 3262 section 3).
    mutating func progress(_ provisional: Provisional, reliably: Bool, _ turn: inout Turn) {
        guard var invite, invite.isOpen, (101...199).contains(provisional.status) else {
            return turn.ignore("a provisional response that nobody waits for")
        }
        guard invite.mustBeReliable || (reliably && invite.canBeReliable) else {
            let body = invite.hasOffer ? provisional.body : nil
            return respond(invite, provisional, body, &turn)
        }
        if invite.unacknowledged == nil {
            sendReliable(provisional, &turn)
        } else if invite.waiting.count < Self.maximumWaiting {
            invite.waiting.append(provisional)
            self.invite = invite
        } else {
            turn.ignore("too many provisional responses wait for a PRACK")
        }
    }

    private mutating func sendReliable(_ provisional: Provisional, _ turn: inout Turn) {
        guard var invite else { return }
        var body: SessionBody?
        switch describe(provisional.body, in: .provisional, &invite) {
        case .with(let description): body = description
        case .without: break
        case .missing:
            // The first reliable response to an INVITE without an offer has one (RFC 3262 section 5).
            guard invite.mustBeReliable else { return respond(invite, provisional, nil, &turn) }
            return turn.ignore("no offer for the first reliable response")
        }
        let rSeq = invite.nextRSeq
        invite.nextRSeq += 1
        let response = response(
            to: invite.request,
            provisional.status,
            headers: [.require: "100rel", .rSeq: "\(rSeq)"],
            provisional.headers,
            body,
            turn.settings
        )
        invite.unacknowledged = Reliable(
            response: response,
            rSeq: rSeq,
            hasDescription: body != nil,
            interval: turn.settings.t1
        )
        self.invite = invite
        turn.respond(invite.request.id, response)
        turn.set(.repeatProvisional, in: turn.settings.t1)
        turn.set(.provisionalUnacknowledged, in: turn.settings.lifetime)
    }

    private enum Description {
        case with(SessionBody)
        case without
        /// There must be one, and none was given.
        case missing
    }

    /// The description that a response which cannot be lost has: our answer, or the offer that the INVITE asks for.
    private mutating func describe(
        _ body: SessionBody?,
        in carrier: OfferAnswer.Ours,
        _ invite: inout InviteFromPeer
    ) -> Description {
        if exchange.outstanding == .theirs(.invite) {
            guard let body else { return carrier == .success ? .missing : .without }
            exchange.answer(body)
            return .with(body)
        }
        guard !invite.hasOffer, !invite.hasOurOffer else { return .without }
        guard let body, exchange.isFree else { return .missing }
        exchange.send(body, in: carrier)
        invite.hasOurOffer = true
        return .with(body)
    }

    private func respond(
        _ invite: InviteFromPeer,
        _ provisional: Provisional,
        _ body: SessionBody?,
        _ turn: inout Turn
    ) {
        let response = response(
            to: invite.request,
            provisional.status,
            headers: SIPHeaders(),
            provisional.headers,
            body,
            turn.settings
        )
        turn.respond(invite.request.id, response)
    }

    /// A response that makes or keeps a dialog (RFC 3261 section 12.1.1).
    private func response(
        to request: ArrivedRequest,
        _ status: Int,
        headers own: SIPHeaders,
        _ others: SIPHeaders,
        _ body: SessionBody?,
        _ settings: SessionSettings
    ) -> SIPResponse {
        var all = SIPHeaders()
        for route in request.recordRoutes { all.append(.recordRoute, route) }
        all.append(contentsOf: headers(settings, isTargetRefresh: true))
        all.append(contentsOf: own)
        all.append(contentsOf: others)
        if let body { all[.contentType] = body.contentType }
        return request.response(status, tag: tag, headers: all, body: body?.octets ?? [])
    }

    /// Answers the INVITE with a 2xx, at once or when the PRACK that must come before has come.
    mutating func accept(_ acceptance: Acceptance, _ turn: inout Turn) {
        guard var invite, invite.isOpen else { return turn.ignore("nothing to accept") }
        if let unacknowledged = invite.unacknowledged, unacknowledged.hasDescription {
            invite.acceptance = acceptance
            self.invite = invite
            return
        }
        var body: SessionBody?
        switch describe(acceptance.body, in: .success, &invite) {
        case .with(let description): body = description
        case .without: break
        case .missing: return turn.ignore("no description for the 2xx")
        }
        stopProvisionals(&invite, &turn)
        dialog.confirm()
        if let contact = invite.contact { dialog.refreshTarget([.contact: contact.description]) }
        let interval = timing.answer(invite.wish, turn.settings)
        let response = response(
            to: invite.request,
            200,
            headers: interval,
            acceptance.headers,
            body,
            turn.settings
        )
        invite.success = response
        invite.acceptance = nil
        invite.interval = turn.settings.t1
        self.invite = invite
        turn.respond(invite.request.id, response)
        turn.set(.repeatSuccess, in: turn.settings.t1)
        turn.set(.successUnacknowledged, in: turn.settings.lifetime)
        startInterval(&turn)
    }

    private func stopProvisionals(_ invite: inout InviteFromPeer, _ turn: inout Turn) {
        invite.waiting = []
        guard invite.unacknowledged != nil else { return }
        turn.cancel(.repeatProvisional)
        turn.cancel(.provisionalUnacknowledged)
    }

    /// Answers the INVITE with 300 or more.
    mutating func reject(
        _ status: Int,
        reason: String? = nil,
        headers: SIPHeaders = SIPHeaders(),
        body: [UInt8] = [],
        _ turn: inout Turn
    ) {
        guard var invite, invite.success == nil else { return turn.ignore("nothing to reject") }
        stopProvisionals(&invite, &turn)
        self.invite = nil
        switch exchange.outstanding {
        case .theirs(.invite), .ours(.provisional): exchange.withdraw()
        case .theirs, .ours, nil: break
        }
        reply(invite.request, status, reason: reason, headers: headers, body: body, &turn)
    }

    /// Takes the ACK for our 2xx.
    mutating func acknowledged(_ request: SIPRequest, _ turn: inout Turn) {
        guard let invite, invite.success != nil, (try? request.headers.cSeq().number) == invite.request.number
        else { return turn.ignore("an ACK for nothing that waits for one") }
        turn.cancel(.repeatSuccess)
        turn.cancel(.successUnacknowledged)
        self.invite = nil
        if !isEstablished {
            isEstablished = true
            turn.tell(.established(fork: fork))
        }
        if exchange.outstanding == .ours(.success) {
            guard let body = SessionBody(request.headers, request.body) else {
                exchange.withdraw()
                return turn.end(.farewell(.noAnswer, [.status(488)]))
            }
            exchange.answered(body)
            turn.tell(.answered(body, fork: fork))
        }
        if let farewell = invite.farewell {
            turn.end(.farewell(farewell.end, farewell.reasons, farewell.headers))
        }
    }

    /// Takes a PRACK (RFC 3262 sections 3 and 5).
    mutating func acknowledgedProvisional(
        _ prack: ArrivedRequest,
        _ request: SIPRequest,
        _ turn: inout Turn
    ) {
        guard var invite, let unacknowledged = invite.unacknowledged,
            let rAck = (try? request.headers.rAck()) ?? nil,
            rAck == SIPRAck(response: unacknowledged.rSeq, number: invite.request.number)
        else { return reply(prack, 481, &turn) }
        turn.cancel(.repeatProvisional)
        turn.cancel(.provisionalUnacknowledged)
        invite.unacknowledged = nil
        self.invite = invite
        let body = SessionBody(request.headers, request.body)
        switch exchange.outstanding {
        case .ours(.provisional):
            reply(prack, 200, &turn)
            guard let body else {
                reject(488, &turn)
                return turn.end(.now(.noAnswer))
            }
            exchange.answered(body)
            turn.tell(.answered(body, fork: fork))
        case nil where exchange.isSettled:
            guard let body else {
                reply(prack, 200, &turn)
                break
            }
            exchange.receive(body, in: .prack(prack))
            turn.set(.promptness, in: turn.settings.promptness)
            return turn.tell(.offered(body, fork: fork))
        case .ours, .theirs, nil:
            reply(prack, 200, &turn)
        }
        provisionalIsThrough(&turn)
    }

    /// Sends what waited for a PRACK.
    mutating func provisionalIsThrough(_ turn: inout Turn) {
        guard var invite, invite.unacknowledged == nil else { return }
        if let acceptance = invite.acceptance {
            invite.acceptance = nil
            self.invite = invite
            accept(acceptance, &turn)
        } else if invite.success == nil, !invite.waiting.isEmpty {
            let next = invite.waiting.removeFirst()
            self.invite = invite
            sendReliable(next, &turn)
        }
    }
}
