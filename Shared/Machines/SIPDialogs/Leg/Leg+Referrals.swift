import MachineKit
import SIPGrammar

// Conforms: RFC 3515 §2.4 (inside the dialog of a call; a subscription ends with the call)
// Conforms: RFC 4488 §4 (complete)

/// Calls that one end asks the other to make, and the reports on them.
extension Leg {
    /// How long a report is promised for, in seconds.
    static let referralExpiry: UInt32 = 180

    mutating func refer(_ referral: Referral, _ reference: String, _ turn: inout Turn) {
        guard referralsOut.count < Self.maximumReferrals else {
            return turn.tell(.transfer(.refused(500), reference: reference))
        }
        var headers: SIPHeaders = [.referTo: referral.target.description]
        if let referredBy = referral.referredBy { headers.append(.referredBy, referredBy) }
        if !referral.wantsProgress { headers.append(.referSub, "false") }
        headers.append(contentsOf: referral.headers)
        send(.refer, .refer(reference), headers: headers, isTargetRefresh: true, &turn)
        let number = dialog.localNumber
        referralsOut.append(ReferralOut(number: number, reference: reference))
        turn.set(.referral(number), in: turn.settings.lifetime * 2)
    }

    /// The final response to a REFER.
    mutating func referred(
        _ number: UInt32,
        _ reference: String,
        _ response: SIPResponse,
        _ turn: inout Turn
    ) {
        guard response.isSuccess else {
            forgetReferral(number, &turn)
            return turn.tell(.transfer(.refused(response.status), reference: reference))
        }
        guard let index = referralsOut.firstIndex(where: { $0.number == number }) else {
            // The reports were quicker, the last one too.
            return
        }
        turn.tell(.transfer(.accepted, reference: reference))
        if response.headers.lists("false", in: .referSub) {
            referralsOut.remove(at: index)
            turn.cancel(.referral(number))
            turn.tell(.transfer(.ended(nil), reference: reference))
        }
    }

    private mutating func forgetReferral(_ number: UInt32, _ turn: inout Turn) {
        referralsOut.removeAll { $0.number == number }
        turn.cancel(.referral(number))
    }

    /// Timer "referral": no report came in time.
    mutating func loseReferral(_ number: UInt32, _ turn: inout Turn) {
        guard let found = referralsOut.first(where: { $0.number == number }) else {
            return turn.ignore("a timer of another state")
        }
        referralsOut.removeAll { $0.number == number }
        turn.tell(.transfer(.ended(found.status), reference: found.reference))
    }

    /// A NOTIFY: a report on a referral of ours, or something for the owner.
    mutating func notifyArrived(_ arrival: ArrivedRequest, _ request: SIPRequest, _ turn: inout Turn) {
        guard let event = (try? request.headers.event()) ?? nil else { return reply(arrival, 489, &turn) }
        guard event.package == "refer" else { return keep(arrival, request, &turn) }
        // The id may be left out for the first referral in a dialog (RFC 3515 section 2.4.6).
        guard let index = referralsOut.firstIndex(where: { event.id == nil || event.id == "\($0.number)" })
        else { return reply(arrival, 481, &turn) }
        guard let state = (try? request.headers.subscriptionState()) ?? nil else {
            return reply(arrival, 400, reason: "Missing Subscription-State Header", &turn)
        }
        reply(arrival, 200, &turn)
        let number = referralsOut[index].number
        let reference = referralsOut[index].reference
        if let line = StatusFragment(request.body) {
            referralsOut[index].status = line.status
            turn.tell(.transfer(.status(line.status, line.reason), reference: reference))
        }
        if state.state == .terminated {
            let last = referralsOut[index].status
            forgetReferral(number, &turn)
            turn.tell(.transfer(.ended(last), reference: reference))
        } else {
            let expires = min(state.expires ?? Self.referralExpiry, 3600)
            turn.set(.referral(number), in: .seconds(Int64(expires) + 1))
        }
    }

    /// A REFER.
    mutating func referralArrived(_ arrival: ArrivedRequest, _ request: SIPRequest, _ turn: inout Turn) {
        guard let target = (try? request.headers.address(.referTo)) ?? nil else {
            return reply(arrival, 400, reason: "Bad Refer-To Header", &turn)
        }
        guard referralsIn.count < Self.maximumReferrals else {
            return reply(arrival, 500, headers: turn.retryAfter(), &turn)
        }
        dialog.refreshTarget(request.headers)
        let wantsProgress = !request.headers.lists("false", in: .referSub)
        referralsIn.append(
            ReferralIn(
                id: arrival.id,
                number: arrival.number,
                wantsProgress: wantsProgress,
                request: arrival
            )
        )
        var others = SIPHeaders()
        for name in [SIPHeaderName.targetDialog, .require] {
            if let value = request.headers[name] { others.append(name, value) }
        }
        let referral = Referral(
            target,
            referredBy: request.headers[.referredBy],
            wantsProgress: wantsProgress,
            headers: others
        )
        turn.tell(.referRequested(arrival.id, referral))
    }

    /// Promises to try, and reports that it has begun.
    mutating func acceptReferral(_ id: RequestID, _ turn: inout Turn) {
        guard let index = referralsIn.firstIndex(where: { $0.id == id }),
            let request = referralsIn[index].request
        else { return turn.ignore("no such referral") }
        var all = headers(turn.settings, isTargetRefresh: true)
        referralsIn[index].request = nil
        let wantsProgress = referralsIn[index].wantsProgress
        if !wantsProgress {
            all.append(.referSub, "false")
            referralsIn.remove(at: index)
        }
        turn.respond(request.id, request.response(200, tag: tag, headers: all))
        if wantsProgress { report(id, 100, nil, &turn) }
    }

    /// Sends a report; a final status ends the subscription (RFC 3515 section 2.4.5).
    mutating func report(_ id: RequestID, _ status: Int, _ reason: String?, _ turn: inout Turn) {
        guard let found = referralsIn.first(where: { $0.id == id }), found.request == nil else {
            return turn.ignore("no referral to report on")
        }
        let isLast = status >= 200
        if isLast { referralsIn.removeAll { $0.id == id } }
        let state: SIPSubscriptionState =
            isLast ? .terminated("noresource") : .active(expires: Self.referralExpiry)
        send(
            .notify,
            .notify(id),
            headers: [
                .event: SIPEvent("refer", id: "\(found.number)").description,
                .subscriptionState: state.description,
            ],
            body: StatusFragment(status, reason).body,
            isTargetRefresh: true,
            &turn
        )
    }

    /// The final response to a report: whoever does not want it gets no more (RFC 6665 section 4.2.2).
    mutating func reported(_ id: RequestID, _ response: SIPResponse) {
        guard ResponseImpact(of: response.status) != .transaction || response.status == 408 else { return }
        referralsIn.removeAll { $0.id == id }
    }
}
