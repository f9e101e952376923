import MachineKit
import SIPGrammar

// Conforms: RFC 3261 §14.1 (complete)
// Conforms: RFC 3311 §5.1 (complete)
// Conforms: RFC 6337 §4.3 (complete)

/// Changes of the session that we offer, by re-INVITE or UPDATE, one at a time.
extension Leg {
    /// How often one change is tried.
    static let maximumAttempts = 8

    /// Queues a change; an offer says all there is to say, so a later one takes the place of one not yet sent.
    mutating func want(_ body: SessionBody, promptly: Bool) {
        let pending = PendingChange(body: body, isPrompt: promptly)
        if let change, change.stage == .sent || (change.stage == .paused && change.body == nil) {
            nextChange = pending
        } else if let change, change.stage == .paused {
            // The pause is the dialog's, not the offer's.
            self.change = PendingChange(
                body: body,
                isPrompt: promptly,
                stage: .paused,
                attempts: change.attempts
            )
        } else {
            change = pending
        }
    }

    /// Queues a refresh of the session, unless a change is under way, which is one too (RFC 4028 section 7.2).
    mutating func wantRefresh() {
        guard change == nil else { return }
        change = PendingChange(body: nil, isPrompt: true)
    }

    /// Sends the change that waits, if it may be sent now.
    mutating func pump(_ turn: inout Turn) {
        guard var pending = change, pending.stage == .waiting, isQuiet else { return }
        let byUpdate = peer.allows(.update) && (pending.isPrompt || !isEstablished)
        guard isEstablished || (byUpdate && exchange.isSettled) else { return }
        let body = pending.body ?? (byUpdate ? nil : exchange.ours)
        guard byUpdate || body != nil else {
            change = nil
            return turn.ignore("no description to refresh the session with")
        }
        pending.stage = .sent
        pending.attempts += 1
        change = pending
        let interval = isEstablished ? timing.request(turn.settings, isInitial: false) : SIPHeaders()
        if let body { exchange.send(body, in: byUpdate ? .update : .invite) }
        if !byUpdate { rSeq = nil }
        send(
            byUpdate ? .update : .invite,
            byUpdate ? .update : .invite,
            headers: interval,
            body: body,
            isTargetRefresh: true,
            &turn
        )
    }

    /// Whether nothing is under way that an offer of ours would cross (RFC 6337 section 4.3).
    private var isQuiet: Bool {
        guard exchange.isFree, update == nil else { return false }
        for request in sent {
            switch request.kind {
            case .invite, .update, .prack, .bye: return false
            case .refer, .notify, .other: continue
            }
        }
        guard let invite else { return true }
        return !isEstablished && invite.isOpen && invite.unacknowledged == nil
    }

    /// Takes the 2xx to an UPDATE.
    mutating func updated(_ response: SIPResponse, _ turn: inout Turn) {
        dialog.refreshTarget(response.headers)
        peer.learn(response.headers)
        if isEstablished {
            timing.accepted(response.headers)
            startInterval(&turn)
        }
        if exchange.outstanding == .ours(.update) {
            guard let body = SessionBody(response.headers, response.body) else {
                exchange.withdraw()
                changeIsDone()
                return turn.end(.farewell(.noAnswer, [.status(488)]))
            }
            exchange.answered(body)
            turn.tell(.answered(body, fork: fork))
        }
        changeIsDone()
    }

    /// Takes a failure of an UPDATE or a re-INVITE (RFC 3261 sections 12.2.1.2 and 14.1, RFC 3311 section 5.3).
    mutating func changeFailed(_ response: SIPResponse, _ turn: inout Turn) {
        switch exchange.outstanding {
        case .ours(.update), .ours(.invite): exchange.withdraw()
        case .ours, .theirs, nil: break
        }
        guard var pending = change else { return }
        guard ResponseImpact(of: response.status) == .transaction, response.status != 408 else {
            changeIsDone()
            return turn.end(.farewell(.lost(response.status)))
        }
        guard pending.attempts < Self.maximumAttempts else { return giveUp(pending, response, &turn) }
        switch response.status {
        case 491:
            pause(&pending, .milliseconds(10 * turn.supply.draw(ownsCallID ? 210...400 : 0...200)), &turn)
        case 422 where pending.attempts < 4 && response.headers.contains(.minSE):
            timing.hear(minimum: (try? response.headers.minSE()) ?? nil)
            pending.stage = .waiting
        case 500 where pending.attempts < 4, 503 where pending.attempts < 4:
            guard let wait = (try? response.headers.retryAfter()) ?? nil, wait.seconds <= 32 else {
                return giveUp(pending, response, &turn)
            }
            pause(&pending, .seconds(Int64(wait.seconds)), &turn)
        default:
            return giveUp(pending, response, &turn)
        }
        change = pending
    }

    private func pause(_ pending: inout PendingChange, _ wait: Duration, _ turn: inout Turn) {
        pending.stage = .paused
        turn.set(.change, in: wait)
    }

    private mutating func giveUp(_ pending: PendingChange, _ response: SIPResponse, _ turn: inout Turn) {
        changeIsDone()
        if pending.body != nil { turn.tell(.changeRefused(response)) }
        // A change would have refreshed the session too. There is time to try again; the end of the interval ends it.
        guard let interval = timing.current, interval.isOurs else { return }
        turn.set(.refresh, in: max(.seconds(10), interval.refresh / 4))
    }

    mutating func changeIsDone() {
        change = nextChange
        nextChange = nil
    }

    /// The pause after a collision is over.
    mutating func resumeChange() {
        guard var pending = change, pending.stage == .paused else { return }
        pending.stage = .waiting
        change = pending
        // What was wanted meanwhile is the news.
        if let next = nextChange {
            change = next
            nextChange = nil
        }
    }
}
