import Addressing
import BusContract
import SIPGrammar
import Testing
import XMPPGrammar

/// MAPPING 3.1, every row.
@Suite("Stanza errors in SIP")
struct StanzaErrorToSIPTests {
    typealias Cause = ErrorMap.Circumstances.Cause

    struct Row: Sendable, CustomTestStringConvertible {
        let condition: StanzaErrorCondition
        let method: SIPMethod
        let status: Int
        var cause: Cause?
        var isInDialog = false
        var targetsDomain = false
        var testDescription: String { "\(condition.rawValue) to \(method.name): \(status)" }

        init(
            _ condition: StanzaErrorCondition,
            _ method: SIPMethod,
            _ status: Int,
            cause: Cause? = nil,
            isInDialog: Bool = false,
            targetsDomain: Bool = false
        ) {
            self.condition = condition
            self.method = method
            self.status = status
            self.cause = cause
            self.isInDialog = isInDialog
            self.targetsDomain = targetsDomain
        }
    }

    static let rows = [
        Row(.badRequest, .message, 400),
        Row(.conflict, .message, 400),
        Row(.conflict, .invite, 491, cause: .tieBreak),
        Row(.featureNotImplemented, .message, 405),
        Row(.featureNotImplemented, .subscribe, 405),
        Row(.featureNotImplemented, .message, 501, targetsDomain: true),
        Row(.featureNotImplemented, .invite, 488),
        Row(.forbidden, .message, 403),
        Row(.gone, .message, 410),
        Row(.internalServerError, .message, 500),
        Row(.itemNotFound, .message, 404),
        Row(.itemNotFound, .invite, 404),
        Row(.jidMalformed, .message, 400),
        Row(.jidMalformed, .message, 404, cause: .requestURI),
        Row(.notAcceptable, .message, 406),
        Row(.notAcceptable, .message, 415, cause: .mediaType),
        Row(.notAcceptable, .invite, 488),
        Row(.notAllowed, .message, 403),
        Row(.notAuthorized, .message, 403),
        Row(.policyViolation, .message, 403),
        Row(.policyViolation, .message, 413, cause: .size),
        Row(.recipientUnavailable, .message, 480),
        Row(.redirect, .message, 480),
        Row(.registrationRequired, .message, 403),
        Row(.remoteServerNotFound, .message, 404, cause: .noSuchDomain),
        Row(.remoteServerNotFound, .message, 480),
        Row(.remoteServerNotFound, .invite, 502),
        Row(.remoteServerTimeout, .message, 480),
        Row(.remoteServerTimeout, .invite, 504),
        Row(.resourceConstraint, .message, 500),
        Row(.serviceUnavailable, .message, 480),
        Row(.serviceUnavailable, .invite, 480),
        Row(.serviceUnavailable, .options, 480),
        Row(.serviceUnavailable, .subscribe, 403),
        Row(.serviceUnavailable, .publish, 405),
        Row(.subscriptionRequired, .message, 403),
        Row(.undefinedCondition, .message, 400),
        Row(.unexpectedRequest, .message, 400),
        Row(.unexpectedRequest, .invite, 400),
        Row(.unexpectedRequest, .invite, 491, isInDialog: true),
        Row(.unexpectedRequest, .update, 491, isInDialog: true),
        Row(.unexpectedRequest, .message, 400, isInDialog: true),
    ]

    @Test(arguments: rows)
    func `a condition has a status`(_ row: Row) {
        let circumstances = ErrorMap.Circumstances(
            cause: row.cause,
            isInDialog: row.isInDialog,
            targetsDomain: row.targetsDomain
        )
        let answer = ErrorMap.answer(for: StanzaError(row.condition), to: row.method, in: circumstances)
        #expect(answer.status == row.status)
        #expect(answer.reason == nil)
        // RFC 3261 section 21.4 and RFC 4320 section 4.2.
        #expect((answer.headers[.allow] != nil) == [405, 501].contains(row.status))
        #expect((answer.headers[.accept] != nil) == (row.status == 415))
        #expect(![401, 407, 408, 503].contains(answer.status) && answer.status < 600)
    }

    @Test func `every condition is in the table`() {
        #expect(Set(Self.rows.map(\.condition)) == Set(StanzaErrorCondition.allCases))
    }

    @Test func `Retry-After goes with what may be tried again`() {
        func retryAfter(_ error: StanzaError) -> String? {
            ErrorMap.answer(for: error, to: .message).headers[.retryAfter]
        }
        #expect(retryAfter(StanzaError(.recipientUnavailable)) == "300")
        #expect(retryAfter(StanzaError(.recipientUnavailable, type: .cancel)) == nil)
        #expect(retryAfter(StanzaError(.resourceConstraint)) == "300")
        #expect(retryAfter(StanzaError(.internalServerError)) == nil)
        #expect(retryAfter(StanzaError(.serviceUnavailable)) == nil)
    }

    @Test(
        arguments: [
            (
                StanzaErrorCondition.gone, "xmpp:romeo@afterlife.example.net", 301,
                "<sip:romeo@afterlife.example.net>"
            ),
            (.gone, "xmpp:o%5C27malley@h.example/x?message", 301, "<sip:o'malley@h.example;gr=x>"),
            (.gone, "sip:romeo@new.example", 301, "<sip:romeo@new.example>"),
            (.gone, "http://example.com", 410, nil),
            (.gone, "sips:romeo@new.example", 410, nil),
            (.redirect, "xmpp:romeo@new.example", 302, "<sip:romeo@new.example>"),
            (.redirect, "xmpp:romeo@192.0.2.1", 480, nil),
            (.redirect, "xmpp://a@b/romeo@new.example", 302, "<sip:romeo@new.example>"),
            (.redirect, "xmpp:%FF@new.example", 480, nil),
            (.redirect, "sip:a@b>\r\nX: y", 480, nil),
        ] as [(StanzaErrorCondition, String, Int, String?)]
    )
    func `a new address is a Contact`(
        _ condition: StanzaErrorCondition,
        _ uri: String,
        _ status: Int,
        _ contact: String?
    ) {
        let answer = ErrorMap.answer(for: StanzaError(condition, uri: uri), to: .message)
        #expect(answer.status == status)
        #expect(answer.headers[.contact] == contact)
    }

    @Test func `Allow never names the method that was refused`() {
        let answer = ErrorMap.answer(for: StanzaError(.featureNotImplemented), to: .message)
        #expect(answer.headers[.allow] == "OPTIONS")
        #expect(
            ErrorMap.answer(for: StanzaError(.featureNotImplemented), to: .publish).headers[.allow]
                == "OPTIONS, MESSAGE"
        )
    }

    @Test func `Accept names the types of MAPPING 4_5`() {
        let circumstances = ErrorMap.Circumstances(cause: .mediaType)
        let answer = ErrorMap.answer(for: StanzaError(.notAcceptable), to: .message, in: circumstances)
        #expect(
            answer.headers[.accept]
                == "text/plain, text/html, message/cpim, multipart/alternative, multipart/mixed, "
                + "application/im-iscomposing+xml, message/imdn+xml"
        )
    }

    @Test(
        arguments: [
            ("Romeo sleeps", "Romeo sleeps"),
            ("ümlaut", "ümlaut"),
            (String(repeating: "x", count: 128), String(repeating: "x", count: 128)),
            (String(repeating: "x", count: 129), nil),
            (String(repeating: "ü", count: 65), nil),
            ("two\nlines", nil),
            ("a\rb", nil),
            ("bell\u{7}", nil),
            ("next\u{85}line", nil),
            ("", nil),
        ] as [(String, String?)]
    )
    func `a short line is the reason phrase`(_ text: String, _ reason: String?) {
        #expect(ErrorMap.answer(for: StanzaError(.forbidden, text: text), to: .message).reason == reason)
    }

    @Test(arguments: [
        ("urn:xmpp:jingle:errors:1", "unknown-session", 481),
        ("urn:xmpp:jingle:errors:1", "tie-break", 491),
        ("urn:xmpp:errors", "stanza-too-big", 413),
        ("urn:other", "unknown-session", 400),
    ])
    func `an undefined condition may have a known child`(_ namespace: String, _ name: String, _ status: Int) {
        let error = StanzaError(.undefinedCondition, application: Element(name, namespace))
        #expect(ErrorMap.answer(for: error, to: .invite).status == status)
    }
}
