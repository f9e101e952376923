public import SIPGrammar
public import XMPPGrammar

/// MAPPING 3.2: a final response becomes the error of the stanza that led to it.
extension ErrorMap {
    /// The error, with `"<code> <phrase>"` as its text; who found it, `by`, is for the caller to add.
    ///
    /// Responses below 300 are no errors and come out as `undefined-condition`.
    public static func stanzaError(for response: SIPResponse) -> StanzaError {
        stanzaError(for: response, domainIsUnknown: false, mapper: AddressMapper())
    }

    /// The error, by what else is known: whether 404 was about the domain and not about the user, and who makes XMPP
    /// addresses of the Contacts of a redirection.
    public static func stanzaError(
        for response: SIPResponse,
        domainIsUnknown: Bool,
        mapper: AddressMapper
    ) -> StanzaError {
        let (condition, type) = condition(for: response.status)
        var error = StanzaError(condition, type: type, text: text(for: response), language: "en")
        switch response.status {
        case 404 where domainIsUnknown: error.condition = .remoteServerNotFound
        case 410: break
        case 300...399: error.uri = target(of: response, mapper)
        case 500...599 where error.condition == .internalServerError && response.headers[.retryAfter] != nil:
            error.type = .wait
        default: break
        }
        return error
    }

    private static func condition(for status: Int) -> (StanzaErrorCondition, StanzaErrorType) {
        switch status {
        case 301: (.gone, .cancel)
        case 380: (.notAcceptable, .modify)
        case 300...399: (.redirect, .modify)
        case 400...499: requestFailure(status)
        case 500...599: serverFailure(status)
        case 600...699: globalFailure(status)
        default: (.undefinedCondition, .cancel)
        }
    }

    private static func requestFailure(_ status: Int) -> (StanzaErrorCondition, StanzaErrorType) {
        switch status {
        case 401: (.notAuthorized, .auth)
        case 402: (.badRequest, .cancel)
        case 403: (.forbidden, .auth)
        case 404: (.itemNotFound, .cancel)
        case 405: (.featureNotImplemented, .cancel)
        case 406: (.notAcceptable, .modify)
        case 407: (.registrationRequired, .auth)
        case 408: (.remoteServerTimeout, .wait)
        case 410: (.gone, .cancel)
        case 412: (.conflict, .cancel)
        case 413, 414: (.policyViolation, .modify)
        case 415, 416: (.notAcceptable, .modify)
        case 417, 420, 439: (.featureNotImplemented, .cancel)
        case 421: (.notAcceptable, .cancel)
        case 422, 423: (.resourceConstraint, .wait)
        case 428, 429, 433, 436, 437, 438: (.forbidden, .auth)
        case 430: (.recipientUnavailable, .wait)
        case 440: (.policyViolation, .cancel)
        case 469, 489: (.policyViolation, .cancel)
        case 480, 486, 487: (.recipientUnavailable, .wait)
        case 481: (.itemNotFound, .cancel)
        case 482, 483: (.notAcceptable, .cancel)
        case 484, 485: (.itemNotFound, .cancel)
        case 488: (.notAcceptable, .modify)
        case 491: (.unexpectedRequest, .wait)
        case 494: (.notAcceptable, .cancel)
        default: (.badRequest, .modify)
        }
    }

    private static func serverFailure(_ status: Int) -> (StanzaErrorCondition, StanzaErrorType) {
        switch status {
        case 501: (.featureNotImplemented, .cancel)
        case 502: (.remoteServerNotFound, .cancel)
        case 504: (.remoteServerTimeout, .wait)
        case 505: (.notAcceptable, .cancel)
        case 513: (.policyViolation, .modify)
        case 555: (.featureNotImplemented, .cancel)
        case 580: (.notAcceptable, .cancel)
        default: (.internalServerError, .cancel)
        }
    }

    private static func globalFailure(_ status: Int) -> (StanzaErrorCondition, StanzaErrorType) {
        switch status {
        case 604: (.itemNotFound, .cancel)
        case 606: (.notAcceptable, .modify)
        default: (.recipientUnavailable, .cancel)
        }
    }

    /// `"<code> <phrase>"`, with what the sender could do better where the response says so.
    private static func text(for response: SIPResponse) -> String {
        let phrase = response.reason.isEmpty ? SIPStatus.phrase(response.status) : response.reason
        var text = "\(response.status) \(phrase)"
        switch response.status {
        case 415:
            let types = response.headers.all(.accept).joined(separator: ", ")
            if !types.isEmpty { text += " (accepted: \(types))" }
        case 485:
            let addresses = contacts(of: response).map(\.uri.description).joined(separator: ", ")
            if !addresses.isEmpty { text += " (choose: \(addresses))" }
        default: break
        }
        return XMPPGrammar.XMLText.clean(line(text))
    }

    /// Where a redirection leads, as an XMPP address if it can be one; nil when the response does not say.
    private static func target(of response: SIPResponse, _ mapper: AddressMapper) -> String? {
        guard let contact = contacts(of: response).first else { return nil }
        guard let jid = try? mapper.jid(for: contact) else { return contact.uri.description }
        return XMPPURI.print(jid)
    }

    private static func contacts(of response: SIPResponse) -> [SIPNameAddress] {
        (try? response.headers.contacts()) ?? []
    }
}
