import BusContract
import SIPGrammar

extension SIPAnswer {
    /// What is answered when a delivery has ended so; nil for a redirect, which has not ended it.
    ///
    /// An answer that the other side wrote is given as it is; the rest is ARCHITECTURE section 8's table.
    ///
    /// `allow`: what to say where nobody does this kind of work.
    init?(_ outcome: Outcome, allow: String) {
        switch outcome {
        case .ok(nil): self.init(202)
        case .ok(.sipAnswer(let answer)) where (200...699).contains(answer.status): self = answer
        case .ok: self.init(500)
        case .failed(let failure): self.init(failure, allow: allow)
        case .busy(let retryAfter): self = .overloaded(for: retryAfter)
        case .redirect: return nil
        }
    }

    private init(_ failure: Failure, allow: String) {
        if case .sipAnswer(let answer) = failure.answer, (300...699).contains(answer.status) {
            self = answer
            return
        }
        switch failure.reason {
        case .domainNotFound: self.init(404)
        case .unreachable, .insecure: self.init(502, reason: failure.phrase)
        case .timeout: self.init(504, reason: failure.phrase)
        case .tooLarge: self.init(513)
        case .forbidden: self.init(403)
        case .overloaded, .deadline: self = .overloaded(for: .seconds(1))
        case .unsupported: self.init(405, headers: [.allow: allow])
        case .malformed: self.init(400)
        case .internal: self.init(500)
        }
    }

    /// Our own overload: come back later (RFC 3261 section 21.5.4).
    static func overloaded(for duration: Duration) -> SIPAnswer {
        let seconds = max(1, duration.components.seconds + (duration.components.attoseconds > 0 ? 1 : 0))
        return SIPAnswer(503, headers: [.retryAfter: "\(seconds)"])
    }

    /// Whether the status says it all, so that the answer need not be kept to be given again.
    var isPlain: Bool { reason == nil && toTag == nil && headers.isEmpty && body.isEmpty }
}

extension Failure {
    /// The failure's text, where it will do for a reason phrase: one short line.
    fileprivate var phrase: String? {
        guard (1...128).contains(text.utf8.count), text.utf8.allSatisfy({ $0 >= 32 && $0 != 127 }) else {
            return nil
        }
        return text
    }
}
