public import MachineKit
import SIPAuthentication
public import SIPGrammar

// Conforms: RFC 3261 §10.2 (partial: no redirection to another registrar)
// Conforms: RFC 5627 §4.2 (partial: the public GRUU)

/// Keeps one address registered (RFC 3261 section 10.2): a client of a registrar.
///
/// ```
///           start              2xx                refresh
///   idle ─────────► asking ─────────► bound ──────────────► asking
///                   │    ▲ retry        │ stop
///           failure ▼    │              ▼         answer
///                   waiting         removing ──────────────► ended
/// ```
///
/// A challenge is answered and 423 obeyed within `asking`. While a binding lasts a failure to refresh it is a failure
/// like any other, and the binding is good until it runs out.
///
/// Impossible things: an answer when none is awaited is the host's mistake or late, and ignored; what a registrar gets
/// wrong is a failure, after which it is asked again later.
public struct Registration: Machine {
    public enum Input: Hashable, Sendable {
        case start
        /// The final response to the request that is out.
        case response(SIPResponse)
        /// There will be none.
        case failed
        /// Takes the binding away.
        case stop
    }

    public enum Output: Hashable, Sendable {
        case register(SIPRequest)
        case bound(RegistrationBinding)
        /// There is no binding any more.
        case unbound
        /// What the registrar said instead of 2xx, or 0 if it said nothing.
        case refused(status: Int)
        /// All is done that can be.
        case ended
    }

    public enum Timer: Hashable, Sendable {
        /// The binding has to be refreshed.
        case refresh
        /// The binding runs out.
        case expiry
        /// The registrar is asked again.
        case retry
    }

    private struct Asking {
        var request: SIPRequest
        var attempts: DigestAttempts
        var expires: UInt32
        var corrections = 0
        /// Whether the binding is to be removed once it is there.
        var isStopping = false
    }

    private enum State {
        case idle
        case asking(Asking)
        case bound
        case waiting
        case removing(Asking)
        case ended
    }

    private static let mostCorrections = 3

    private let account: RegistrationAccount
    private var state = State.idle
    private var hasBinding = false
    private var requests: RegisterRequest
    private var digest: DigestClient
    private var pause = RegistrationPause()
    private var generator: any RandomNumberGenerator & Sendable
    /// What the registrar wants at least (RFC 3261 section 21.4.17).
    private var expires: UInt32

    /// A registration that has not begun.
    ///
    /// `firstCSeq` must be higher than whoever registered with the same Call-ID before has used; the time in seconds is.
    public init(
        _ account: RegistrationAccount,
        callID: String,
        tag: String,
        firstCSeq: UInt32,
        generator: any RandomNumberGenerator & Sendable
    ) {
        self.account = account
        requests = RegisterRequest(account, callID: callID, tag: tag, firstCSeq: firstCSeq)
        digest = DigestClient(accounts: [account.credentials])
        self.generator = generator
        expires = max(account.expires, 60)
    }

    /// Whether the address is bound to us, as far as is known.
    public var isBound: Bool { hasBinding }
    public var isEnded: Bool { if case .ended = state { true } else { false } }

    public mutating func handle(_ input: Input, at now: Moment) -> Effects {
        switch state {
        case .idle: idle(input)
        case .asking(let asking): self.asking(asking, input, now)
        case .bound: bound(input)
        case .waiting: waiting(input)
        case .removing(let asking): removing(asking, input)
        case .ended: [.ignore("after the end")]
        }
    }

    public mutating func fired(_ timer: Timer, at now: Moment) -> Effects {
        switch (timer, state) {
        case (.expiry, .ended), (.expiry, .removing), (.expiry, .idle): return [.ignore("expiry")]
        case (.expiry, .bound), (.expiry, .asking), (.expiry, .waiting):
            guard hasBinding else { return [.ignore("expiry without a binding")] }
            hasBinding = false
            return [.send(.unbound)]
        case (.refresh, .bound), (.retry, .waiting): return ask()
        case (.refresh, _), (.retry, _): return [.ignore("a timer of another state")]
        }
    }

    private mutating func idle(_ input: Input) -> Effects {
        switch input {
        case .start: return ask()
        case .stop: return end()
        case .response, .failed: return [.ignore("an answer to nothing")]
        }
    }

    private mutating func bound(_ input: Input) -> Effects {
        switch input {
        case .stop: return [.cancel(.refresh), .cancel(.expiry)] + remove()
        case .start, .response, .failed: return [.ignore("an answer to nothing")]
        }
    }

    private mutating func waiting(_ input: Input) -> Effects {
        switch input {
        case .stop:
            let cancels: Effects = [.cancel(.retry), .cancel(.expiry)]
            return cancels + (hasBinding ? remove() : end())
        case .start:
            // Whoever starts it again knows why not to wait.
            return [.cancel(.retry)] + ask()
        case .response, .failed: return [.ignore("an answer to nothing")]
        }
    }

    private mutating func asking(_ asking: Asking, _ input: Input, _ now: Moment) -> Effects {
        switch input {
        case .start: return [.ignore("under way already")]
        case .stop:
            // One REGISTER at a time (RFC 3261 section 10.2).
            var asking = asking
            asking.isStopping = true
            state = .asking(asking)
            return []
        case .failed: return asking.isStopping ? leave(hasBinding) : wait(0, now)
        case .response(let response): return answered(asking, response, now)
        }
    }

    private mutating func answered(_ asking: Asking, _ response: SIPResponse, _ now: Moment) -> Effects {
        switch response.status {
        case 200..<300: return succeeded(asking, response, now)
        case 401, 407:
            if let again = retried(asking, response) {
                state = .asking(again)
                return [.send(.register(again.request))]
            }
            // Who is told no again and again is locked out by many a registrar.
            return asking.isStopping ? leave(hasBinding) : wait(response.status, isHopeless: true, now)
        case 423 where asking.corrections < Self.mostCorrections && !asking.isStopping:
            guard let least = (try? response.headers.number(.minExpires, atMost: 604_800)) ?? nil,
                least > UInt64(asking.expires)
            else { return wait(423, now) }
            expires = UInt32(least)
            return ask(corrections: asking.corrections + 1)
        case 403, 404:
            return asking.isStopping ? leave(hasBinding) : wait(response.status, isHopeless: true, now)
        default:
            if asking.isStopping { return leave(hasBinding) }
            let seconds = (try? response.headers.retryAfter())?.seconds ?? 0
            return wait(response.status, atLeast: .seconds(Int64(seconds)), now)
        }
    }

    private mutating func succeeded(_ asking: Asking, _ response: SIPResponse, _ now: Moment) -> Effects {
        digest.accepted(response, from: account.peer)
        guard
            let binding = RegistrationBinding(response, account, asked: asking.expires)
        else {
            return asking.isStopping ? leave(hasBinding) : wait(response.status, now)
        }
        pause.reset()
        hasBinding = true
        guard !asking.isStopping else { return [.cancel(.expiry)] + remove() }
        state = .bound
        return [
            .send(.bound(binding)),
            .set(.refresh, at: now + Self.refresh(of: binding.expires)),
            .set(.expiry, at: now + .seconds(Int64(binding.expires))),
        ]
    }

    private mutating func removing(_ asking: Asking, _ input: Input) -> Effects {
        switch input {
        case .response(let response) where response.status == 401 || response.status == 407:
            guard let again = retried(asking, response) else { return end() }
            state = .removing(again)
            return [.send(.register(again.request))]
        case .response, .failed: return end()
        case .start, .stop: return [.ignore("under way already")]
        }
    }

    private mutating func ask(corrections: Int = 0) -> Effects {
        let asking = next(expires: expires, corrections: corrections)
        state = .asking(asking)
        return [.send(.register(asking.request))]
    }

    private mutating func remove() -> Effects {
        let asking = next(expires: 0, corrections: 0)
        state = .removing(asking)
        return [.send(.register(asking.request))]
    }

    private mutating func leave(_ hasBinding: Bool) -> Effects {
        [.cancel(.expiry)] + (hasBinding ? remove() : end())
    }

    private mutating func end() -> Effects {
        state = .ended
        guard hasBinding else { return [.send(.ended)] }
        hasBinding = false
        return [.send(.unbound), .send(.ended)]
    }

    private mutating func wait(
        _ status: Int,
        atLeast least: Duration = .zero,
        isHopeless: Bool = false,
        _ now: Moment
    ) -> Effects {
        state = .waiting
        let duration = pause.next(atLeast: least, isHopeless: isHopeless, using: &generator)
        return [.send(.refused(status: status)), .set(.retry, at: now + duration)]
    }

    private mutating func next(expires: UInt32, corrections: Int) -> Asking {
        var request = requests.next(expires: expires)
        let attempts = digest.prepare(&request, for: account.peer)
        return Asking(request: request, attempts: attempts, expires: expires, corrections: corrections)
    }

    /// The request with credentials; nil when they are refused or cannot be made.
    private mutating func retried(_ asking: Asking, _ response: SIPResponse) -> Asking? {
        let answer = digest.answer(
            response,
            to: asking.request,
            after: asking.attempts,
            from: account.peer,
            clientNonce: String(generator.next(), radix: 16) + String(generator.next(), radix: 16)
        )
        guard case .retry(let request, let attempts) = answer else { return nil }
        requests.note(request)
        var again = asking
        (again.request, again.attempts) = (request, attempts)
        return again
    }

    /// Soon enough for some tries before the binding runs out, but not before half of it is over.
    private static func refresh(of expires: UInt32) -> Duration {
        let seconds = Int64(expires)
        return .seconds(max(seconds / 2, min(seconds * 85 / 100, seconds - 60)))
    }
}
