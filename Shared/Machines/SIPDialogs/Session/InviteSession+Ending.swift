import MachineKit
import SIPGrammar

extension InviteSession {
    /// Does what follows from all that happened in a turn.
    mutating func finish(_ turn: inout Turn) -> Effects {
        if let ending = turn.ending {
            end(ending, &turn)
        } else {
            switch phase {
            case .calling(var calling) where calling.cancel == nil:
                for index in calling.legs.indices { calling.legs[index].pump(&turn) }
                phase = .calling(calling)
            case .talking(var leg):
                leg.pump(&turn)
                phase = .talking(leg)
            case .idle, .calling, .leaving, .ended: break
            }
        }
        supply = turn.supply
        return turn.effects
    }

    private mutating func end(_ ending: Turn.Ending, _ turn: inout Turn) {
        switch (ending, phase) {
        case (.farewell(let end, let reasons, let headers), .talking(var leg))
        where leg.invite?.success != nil:
            // No BYE before the ACK (RFC 3261 section 15).
            if leg.invite?.farewell == nil {
                leg.invite?.farewell = Leg.Farewell(end: end, reasons: reasons, headers: headers)
            }
            phase = .talking(leg)
        case (.farewell(let end, let reasons, let headers), .talking(var leg)) where leg.dialog.isConfirmed:
            leg.sayBye(reasons, headers, &turn)
            guard let bye = leg.sent.last?.label else { return }
            stopTimers(&turn)
            phase = .leaving(leg, bye: bye, end)
        case (.farewell, .calling):
            // A fork that cannot go on is left to its INVITE's final response.
            turn.ignore("a fork that cannot go on")
        case (.farewell(let end, _, _), let phase), (.now(let end), let phase):
            conclude(end, phase, &turn)
        }
    }

    private mutating func conclude(_ end: SessionEnd, _ last: Phase, _ turn: inout Turn) {
        var remembered: Leg?
        switch last {
        case .calling(var calling):
            for index in calling.legs.indices { calling.legs[index].closeArrived(&turn) }
        case .talking(var leg):
            leg.closeArrived(&turn)
            remembered = leg
        case .leaving(let leg, bye: _, _):
            remembered = leg
        case .ended(let leg, isOver: _):
            remembered = leg
        case .idle: break
        }
        stopTimers(&turn)
        phase = .ended(remembered, isOver: false)
        turn.set(.linger, in: turn.settings.lifetime)
        turn.tell(.ended(end))
    }

    private func stopTimers(_ turn: inout Turn) {
        for timer in [Timer.change, .promptness, .refresh, .expiry, .cancelled] { turn.cancel(timer) }
        for timer in [Timer.repeatProvisional, .provisionalUnacknowledged] { turn.cancel(timer) }
        for timer in [Timer.repeatSuccess, .successUnacknowledged] { turn.cancel(timer) }
    }

    mutating func fire(_ timer: Timer, _ turn: inout Turn) {
        switch phase {
        case .calling(var calling):
            switch timer {
            case .cancelled:
                let reasons = calling.cancel?.reasons ?? []
                turn.end(.now(.cancelled(reasons, byPeer: false)))
            case .change:
                for index in calling.legs.indices { calling.legs[index].resumeChange() }
            case .promptness:
                for index in calling.legs.indices where !calling.legs[index].exchange.isFree {
                    calling.legs[index].loseOffer(&turn)
                }
            case .repeatProvisional, .provisionalUnacknowledged, .repeatSuccess, .successUnacknowledged,
                .refresh, .expiry, .referral, .linger:
                turn.ignore("a timer of another state")
            }
            phase = .calling(calling)
        case .talking(var leg):
            talking(&leg, timer, &turn)
            phase = .talking(leg)
        case .ended(_, isOver: false) where timer == .linger:
            phase = .ended(nil, isOver: true)
            first = nil
        case .idle, .leaving, .ended:
            turn.ignore("a timer of another state")
        }
    }

    private func talking(_ leg: inout Leg, _ timer: Timer, _ turn: inout Turn) {
        switch timer {
        case .repeatProvisional: leg.repeatProvisional(&turn)
        case .provisionalUnacknowledged: leg.giveUpProvisional(&turn)
        case .repeatSuccess: leg.repeatSuccess(&turn)
        case .successUnacknowledged: leg.giveUpSuccess(&turn)
        case .change: leg.resumeChange()
        case .promptness: leg.loseOffer(&turn)
        case .refresh: leg.wantRefresh()
        case .expiry: turn.end(.farewell(.expired, [.status(408, "Session expired")], SIPHeaders()))
        case .referral(let number): leg.loseReferral(number, &turn)
        case .cancelled, .linger: turn.ignore("a timer of another state")
        }
    }
}
