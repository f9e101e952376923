public import BusContract
public import SIPGrammar
public import XMPPGrammar

/// Failures of our own and of the way there (MAPPING 3.2, last paragraph; architecture section 8).
extension ErrorMap {
    /// The error that a failure gives to whoever sent a stanza; the failure's own answer counts where it has one.
    public static func stanzaError(for failure: Failure, by domain: String) -> StanzaError {
        var error = ownError(of: failure) ?? error(for: failure)
        error.by = error.by ?? domain
        return error
    }

    /// The answer that a failure gives to whoever sent a request; the failure's own answer counts where it has one.
    public static func answer(for failure: Failure, to method: SIPMethod) -> SIPAnswer {
        answer(for: failure, to: method, in: Circumstances())
    }

    /// The answer that a failure gives to whoever sent a request, by what else is known about it.
    public static func answer(
        for failure: Failure,
        to method: SIPMethod,
        in circumstances: Circumstances
    ) -> SIPAnswer {
        if let own = ownAnswer(of: failure, to: method, in: circumstances) { return own }
        var answer = SIPAnswer(status(for: failure.reason, to: method), reason: phrase(failure.text))
        switch answer.status {
        case 405: answer.headers.append(.allow, allow(without: method, circumstances))
        case 415: answer.headers.append(.accept, circumstances.accepted.joined(separator: ", "))
        case 503: answer.headers.append(.retryAfter, String(overloadRetryAfter))
        default: break
        }
        return answer
    }

    /// The answer when a service has no room and says when to ask again.
    public static func answer(forBusy retryAfter: Duration) -> SIPAnswer {
        var answer = SIPAnswer(503)
        let (seconds, fraction) = retryAfter.components
        answer.headers.append(.retryAfter, String(max(1, fraction > 0 ? seconds.advanced(by: 1) : seconds)))
        return answer
    }

    /// The error when a service has no room.
    public static func stanzaError(forBusyBy domain: String) -> StanzaError {
        StanzaError(
            .resourceConstraint,
            type: .wait,
            text: "the gateway is overloaded",
            language: "en",
            by: domain
        )
    }

    private static func error(for failure: Failure) -> StanzaError {
        let (condition, type): (StanzaErrorCondition, StanzaErrorType) =
            switch failure.reason {
            case .domainNotFound, .unreachable, .insecure: (.remoteServerNotFound, .cancel)
            case .timeout, .deadline: (.remoteServerTimeout, .wait)
            case .tooLarge: (.policyViolation, .modify)
            case .forbidden: (.notAllowed, .cancel)
            case .overloaded: (.resourceConstraint, .wait)
            case .unsupported: (.featureNotImplemented, .cancel)
            case .malformed: (.badRequest, .modify)
            case .internal: (.internalServerError, .cancel)
            }
        let text = XMLText.clean(line(failure.text))
        return StanzaError(
            condition,
            type: type,
            text: text.isEmpty ? nil : text,
            language: text.isEmpty ? nil : "en"
        )
    }

    private static func status(for reason: Failure.Reason, to method: SIPMethod) -> Int {
        switch reason {
        case .domainNotFound: 404
        case .unreachable, .insecure: 502
        case .timeout, .deadline: 504
        case .tooLarge: 413
        case .forbidden: 403
        case .overloaded: 503
        case .unsupported: method == .invite ? 488 : method == .message ? 415 : 405
        case .malformed: 400
        case .internal: 500
        }
    }

    /// The error in a failure's answer, whichever protocol it is written in.
    private static func ownError(of failure: Failure) -> StanzaError? {
        switch failure.answer {
        case .stanza(let stanza)?: StanzaError(stanza)
        case .stanzaArrival(let arrival)?: StanzaError(arrival.stanza)
        case .sipResponse(let response)? where response.status >= 300: stanzaError(for: response)
        case .sipAnswer(let answer)? where answer.status >= 300: stanzaError(for: response(answer))
        case .sipResponse?, .sipAnswer?, .sipArrival?, .sipDispatch?, .sipResponding?, .sipProgress?,
            .opaque?, nil:
            nil
        }
    }

    /// The answer in a failure's answer, whichever protocol it is written in.
    private static func ownAnswer(
        of failure: Failure,
        to method: SIPMethod,
        in circumstances: Circumstances
    ) -> SIPAnswer? {
        switch failure.answer {
        case .sipAnswer(let answer)? where answer.status >= 300: return answer
        case .stanza(let stanza)?:
            return StanzaError(stanza).map { answer(for: $0, to: method, in: circumstances) }
        case .stanzaArrival(let arrival)?:
            return StanzaError(arrival.stanza).map { answer(for: $0, to: method, in: circumstances) }
        // A response that came over SIP was for another request: who asked over SIP gets one of our own.
        case .sipResponse?, .sipAnswer?, .sipArrival?, .sipDispatch?, .sipResponding?, .sipProgress?,
            .opaque?, nil:
            return nil
        }
    }

    private static func response(_ answer: SIPAnswer) -> SIPResponse {
        SIPResponse(answer.status, reason: answer.reason, headers: answer.headers)
    }
}
