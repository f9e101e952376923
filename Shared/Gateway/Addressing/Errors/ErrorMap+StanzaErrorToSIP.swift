public import BusContract
public import SIPGrammar
public import XMPPGrammar

/// MAPPING 3.1: a stanza error becomes the final answer to the request that led to it.
extension ErrorMap {
    /// The answer to a request of that method.
    public static func answer(for error: StanzaError, to method: SIPMethod) -> SIPAnswer {
        answer(for: error, to: method, in: Circumstances())
    }

    /// The answer to a request of that method, by what else is known about it.
    public static func answer(
        for error: StanzaError,
        to method: SIPMethod,
        in circumstances: Circumstances
    ) -> SIPAnswer {
        var answer = SIPAnswer(status(for: error, to: method, in: circumstances), reason: phrase(error.text))
        complete(&answer, of: error, to: method, in: circumstances)
        return answer
    }

    private static func status(
        for error: StanzaError,
        to method: SIPMethod,
        in circumstances: Circumstances
    ) -> Int {
        let isInvite = method == .invite
        switch error.condition {
        case .badRequest: return 400
        case .conflict: return circumstances.cause == .tieBreak ? 491 : 400
        case .featureNotImplemented: return isInvite ? 488 : circumstances.targetsDomain ? 501 : 405
        case .forbidden, .notAllowed, .notAuthorized, .registrationRequired, .subscriptionRequired: return 403
        case .gone: return contact(of: error, circumstances) == nil ? 410 : 301
        case .internalServerError, .resourceConstraint: return 500
        case .itemNotFound: return 404
        case .jidMalformed: return circumstances.cause == .requestURI ? 404 : 400
        case .notAcceptable: return isInvite ? 488 : circumstances.cause == .mediaType ? 415 : 406
        case .policyViolation: return circumstances.cause == .size ? 413 : 403
        case .recipientUnavailable: return 480
        case .redirect: return contact(of: error, circumstances) == nil ? 480 : 302
        case .remoteServerNotFound: return circumstances.cause == .noSuchDomain ? 404 : isInvite ? 502 : 480
        case .remoteServerTimeout: return isInvite ? 504 : 480
        case .serviceUnavailable: return unavailable(to: method)
        case .undefinedCondition: return status(forApplication: error)
        case .unexpectedRequest:
            let mayCross = circumstances.isInDialog && (isInvite || method == .update)
            return mayCross ? 491 : 400
        }
    }

    /// `service-unavailable` is what servers say about users who are offline, unknown, or have blocked the sender.
    private static func unavailable(to method: SIPMethod) -> Int {
        switch method {
        case .message, .invite, .options: 480
        case .subscribe: 403
        default: 405
        }
    }

    /// Application conditions that say more than `undefined-condition` (RFC 6120 section 8.3.3.21).
    private static func status(forApplication error: StanzaError) -> Int {
        guard let application = error.application else { return 400 }
        switch (application.namespace, application.name) {
        case (Namespace.applicationErrors, "stanza-too-big"),
            (Namespace.applicationErrors, "too-many-stanzas"):
            return 413
        case (jingleErrors, "tie-break"): return 491
        case (jingleErrors, "unknown-session"): return 481
        case (jingleErrors, "out-of-order"): return 491
        case (jingleErrors, "unsupported-info"): return 405
        default: return 400
        }
    }

    /// XEP-0166 section 10.
    private static let jingleErrors = "urn:xmpp:jingle:errors:1"

    /// The header fields without which the status would be illegal or useless.
    private static func complete(
        _ answer: inout SIPAnswer,
        of error: StanzaError,
        to method: SIPMethod,
        in circumstances: Circumstances
    ) {
        switch answer.status {
        case 301, 302:
            if let contact = contact(of: error, circumstances) {
                answer.headers.append(.contact, "<\(contact)>")
            }
        case 405, 501:
            answer.headers.append(.allow, allow(without: method, circumstances))
        case 415: answer.headers.append(.accept, circumstances.accepted.joined(separator: ", "))
        case 480 where error.condition == .recipientUnavailable && error.type == .wait:
            answer.headers.append(.retryAfter, String(retryAfter))
        case 500 where error.condition == .resourceConstraint:
            answer.headers.append(.retryAfter, String(retryAfter))
        default: break
        }
    }

    /// What an Allow field says: never the method that was just refused.
    static func allow(without method: SIPMethod, _ circumstances: Circumstances) -> String {
        circumstances.allowed.filter { $0 != method }.map(\.name).joined(separator: ", ")
    }

    /// Where `gone` and `redirect` point to, as a SIP address; nil when it cannot be one.
    private static func contact(of error: StanzaError, _ circumstances: Circumstances) -> String? {
        guard let uri = error.uri else { return nil }
        if let jid = XMPPURI.jid(uri) { return (try? circumstances.mapper.uri(for: jid))?.description }
        guard let sip = SIPURI(uri), !sip.isSecure else { return nil }
        return sip.description
    }
}
