import BusContract
import MachineKit
import SIPAuthentication
import SIPGrammar
import SIPTransactions
import SIPTransport

extension UserAgentClient {
    /// Tries the next target there is.
    func attempt(_ errand: Errand) {
        var errand = errand
        let now = around.now()
        guard errand.deadline > now else { return giveUp(errand) }
        errand.order(by: &memory, at: now)
        switch errand.nextStep(rules) {
        case .send(let target, let octets): transmit(errand, target, octets)
        case .race(let candidates): races.start(errand, candidates)
        case .failed(let failure): finish(errand, .failed(failure))
        case .answered(let response): conclude(errand, response)
        }
    }

    /// A race for a connection is won: the request goes over it.
    func connected(_ errand: Errand, _ target: TransportTarget) {
        guard errand.deadline > around.now() else { return giveUp(errand) }
        guard let octets = errand.written(for: target, rules) else { return attempt(errand) }
        transmit(errand, target, octets)
    }

    /// A transaction has ended, its request's errand maybe not.
    func ended(
        _ transaction: ClientTransaction,
        _ ending: ClientTransaction.Ending,
        _ response: SIPResponse?
    ) {
        let target = transaction.target
        guard case .errand(let errand) = transaction.purpose else {
            return probed(target, ending, response)
        }
        switch ending {
        case .answered:
            if let response { answered(errand, by: target, response) }
        case .unanswered: unanswered(transaction, errand)
        case .unsent(let failure):
            unreachable(target, failure, errand)
            goOn(errand.failed(target, failure.text, failure.reason, hasLeft: false))
        case .refused:
            unreachable(target, .refused, errand)
            goOn(errand.failed(target, SendFailure.refused.text, .unreachable, hasLeft: true))
        case .cutOff:
            goOn(errand.failed(target, "closed the connection without an answer", .timeout, hasLeft: true))
        }
    }

    /// A target cannot be reached.
    func unreachable(_ target: TransportTarget, _ failure: SendFailure, isConfigured: Bool) {
        guard failure.isLasting else { return }
        fail(target, isConfigured: isConfigured)
    }

    func unreachable(_ target: TransportTarget, _ failure: SendFailure, _ errand: Errand) {
        // That nobody takes TCP where it was but guessed says nothing about the target.
        guard errand.isGuessing else {
            return unreachable(target, failure, isConfigured: errand.isConfigured)
        }
        if failure == .refused || failure == .unreachable {
            withoutTCP.note(target.address, at: around.now())
        }
    }

    private func transmit(_ errand: Errand, _ target: TransportTarget, _ octets: [UInt8]) {
        let method = errand.request.request.method
        switch method {
        case .invite:
            guard let via = errand.via(for: target, rules) else { return attempt(errand) }
            invites.start(errand, to: target, via: via, octets)
            return wakeLater()
        case .ack: return acknowledge(errand, target, octets)
        default: break
        }
        let key = ClientTransactionKey(branch: errand.branch, method: method)
        transactions.start(key, for: .errand(errand), to: target, octets, until: errand.deadline)
    }

    private func answered(_ errand: Errand, by target: TransportTarget, _ response: SIPResponse) {
        guard response.status == 503 else {
            memory.answered(target)
            return prove(errand, to: target, response)
        }
        // RFC 3261 section 21.5.4: it is left alone for as long as it asks.
        if let retryAfter = response.retryAfter {
            fail(target, retryAfter: retryAfter, isConfigured: errand.isConfigured)
        }
        goOn(errand.refused(target, response))
    }

    /// Answers a challenge, if that is what the response is and there is an answer (RFC 3261 section 22).
    private func prove(_ errand: Errand, to target: TransportTarget, _ response: SIPResponse) {
        guard let again = proven(errand, to: target, response) else { return conclude(errand, response) }
        attempt(again)
    }

    /// The errand with the answer to a challenge; nil if the response is none, or there is no answer.
    func proven(_ errand: Errand, to target: TransportTarget, _ response: SIPResponse) -> Errand? {
        guard digest.hasAccounts else { return nil }
        guard response.status == 401 || response.status == 407 else {
            digest.accepted(response, from: errand.peer)
            return nil
        }
        let answer = digest.answer(
            response,
            to: errand.request.request,
            after: errand.proofs,
            from: errand.peer,
            clientNonce: around.clientNonce()
        )
        switch answer {
        case .retry(let request, let proofs): return errand.challenged(by: target, request, proofs)
        case .giveUp(let reason):
            metrics.unproven(reason)
            return nil
        }
    }

    /// Adds to a request what the host that it goes to has accepted before.
    func prepared(_ errand: Errand, for peer: String) -> Errand {
        guard digest.hasAccounts else { return errand }
        var request = errand.request.request
        let proofs = digest.prepare(&request, for: peer)
        return errand.prepared(request, proofs, for: peer)
    }

    /// Timer F, or the end of the asker's patience.
    private func unanswered(_ transaction: ClientTransaction, _ errand: Errand) {
        let target = transaction.target
        let next = errand.failed(target, "did not answer", .timeout, hasLeft: true)
        // Who has said 100, or answers when asked, has taken the request.
        if transaction.isHeard || health.isVouchedFor(target, since: transaction.startedAt) {
            return finish(next, .failed(next.failure))
        }
        if transaction.silentAt == nil { fail(target, isConfigured: errand.isConfigured) }
        goOn(next)
    }

    func goOn(_ errand: Errand) {
        if errand.hasMore(rules) { metrics.failover() }
        attempt(errand)
    }

    private func giveUp(_ errand: Errand) {
        let failure = errand.isUntold ? Failure(.timeout, "no time was left to send it") : errand.failure
        finish(errand, .failed(failure))
    }

    private func conclude(_ errand: Errand, _ response: SIPResponse) {
        finish(errand, .ok(.sipResponse(errand.request.withoutEcho(response))))
    }
}

extension SIPResponse {
    /// How long its sender wants to be left alone; nil if it does not say.
    var retryAfter: Duration? {
        guard let value = try? headers.retryAfter() else { return nil }
        return .seconds(Int(value.seconds))
    }
}
