import BusContract
import XMPPGrammar

/// How the failure of a stanza's delivery is told to its sender (MAPPING 3.3, ARCHITECTURE section 8).
enum FailureReply {
    /// The stanza to send back; nil when none may be (RFC 6120 section 8.3.1, RFC 6121 section 8.5.2).
    static func stanza(for failure: Failure, to stanza: Element, by domain: String) -> Element? {
        guard mayBounce(stanza) else { return nil }
        if case .stanza(let answer)? = failure.answer { return answer }
        return stanza.errorReply(error(for: failure, by: domain))
    }

    /// Whether a stanza's sender may be told of an error at all.
    static func mayBounce(_ stanza: Element) -> Bool {
        switch stanza.name {
        case "message": stanza["type"] != "error" && stanza["type"] != "headline"
        case "iq": stanza["type"] == "get" || stanza["type"] == "set"
        default: false
        }
    }

    static func error(for failure: Failure, by domain: String) -> StanzaError {
        let (condition, type) = condition(of: failure.reason)
        return StanzaError(condition, type: type, text: failure.text, language: "en", by: domain)
    }

    private static func condition(of reason: Failure.Reason) -> (StanzaErrorCondition, StanzaErrorType?) {
        switch reason {
        case .domainNotFound: (.remoteServerNotFound, nil)
        case .unreachable, .timeout, .insecure: (.remoteServerTimeout, nil)
        case .tooLarge: (.policyViolation, nil)
        case .forbidden: (.forbidden, nil)
        case .overloaded: (.resourceConstraint, .wait)
        case .unsupported: (.featureNotImplemented, .cancel)
        case .malformed: (.badRequest, nil)
        case .deadline: (.serviceUnavailable, .wait)
        case .internal: (.internalServerError, nil)
        }
    }
}
