import BusContract
import MachineKit
import SIPGrammar
import SIPTransactions
import SIPTransport

/// Finding out which targets live.
///
/// Silence alone does not prove that a target is dead: a proxy says nothing while a phone behind it does not answer (RFC
/// 4321 section 1.3). So whoever is silent is asked, and only who does not answer that either is left for the next.
extension UserAgentClient {
    /// Nothing was heard of a request.
    func suspect(_ transaction: ClientTransaction) {
        let target = transaction.target
        guard let errand = transaction.errand, !health.isVouchedFor(target, since: transaction.startedAt)
        else { return }
        probe(target, isConfigured: errand.isConfigured)
    }

    /// Nothing was heard of an INVITE.
    func suspect(_ invite: OutgoingInvite) {
        guard !health.isVouchedFor(invite.target, since: invite.startedAt) else { return }
        probe(invite.target, isConfigured: invite.errand.isConfigured)
    }

    /// Asks the targets that have stood back for long enough.
    func probeDead(at now: Moment) {
        for target in memory.due(at: now) where !health.isAsking(target) {
            if !probe(target, isConfigured: false) { _ = memory.probeFailed(target, at: now) }
        }
    }

    /// A target was asked whether it lives.
    func probed(
        _ target: TransportTarget,
        _ ending: ClientTransaction.Ending,
        _ response: SIPResponse?
    ) {
        let now = around.now()
        let isAlive = ending == .answered && response?.status != 503
        let isConfigured = health.settle(target, isAlive: isAlive, at: now)
        metrics.probe(isAnswered: isAlive)
        if isAlive {
            memory.answered(target)
            metrics.rememberFailed(memory.count)
        } else {
            let retryAfter = response?.retryAfter
            if !memory.probeFailed(target, retryAfter: retryAfter, at: now) {
                fail(target, retryAfter: retryAfter, isConfigured: isConfigured)
            }
            // Who has no room lives: what it was sent may be in its hands.
            if ending != .answered { leave(target) }
        }
        wakeLater()
    }

    /// Notes that a target is dead.
    func fail(_ target: TransportTarget, retryAfter: Duration? = nil, isConfigured: Bool) {
        memory.failed(target, retryAfter: retryAfter, isConfigured: isConfigured, at: around.now())
        metrics.rememberFailed(memory.count)
        if let moment = memory.nextMoment { around.wake(moment) }
    }

    /// Sends the requests that a dead target has not answered to the next, where there is one.
    private func leave(_ target: TransportTarget) {
        for transaction in transactions.silentErrands(to: target) {
            guard let errand = transaction.errand, errand.hasMore(rules), transactions.abandon(transaction)
            else { continue }
            goOn(errand.failed(target, "did not answer", .timeout, hasLeft: true))
        }
        for invite in invites.silentOnes(to: target) {
            guard invite.errand.hasMore(rules), invites.abandon(invite) else { continue }
            goOn(invite.errand.failed(target, "did not answer", .timeout, hasLeft: true))
        }
    }

    @discardableResult
    private func probe(_ target: TransportTarget, isConfigured: Bool) -> Bool {
        let now = around.now()
        guard let sentBy = around.sentBy(target),
            health.ask(target, isConfigured: isConfigured)
        else { return false }
        let request = ProbeRequest()
        // As long as four datagrams take to be lost.
        let deadline = now + configuration.timing.t1 * 9
        let octets = request.written(for: target, sentBy: sentBy)
        transactions.start(request.key, for: .probe, to: target, octets, until: deadline)
        return true
    }
}
