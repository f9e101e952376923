import Addressing
import SIPGrammar
import Testing
import XMPPGrammar

/// MAPPING 3.2, every row.
@Suite("SIP statuses in XMPP")
struct SIPToStanzaErrorTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let statuses: [Int]
        let condition: StanzaErrorCondition
        let type: StanzaErrorType
        var testDescription: String { "\(statuses): \(condition.rawValue)" }

        init(_ statuses: [Int], _ condition: StanzaErrorCondition, _ type: StanzaErrorType) {
            self.statuses = statuses
            self.condition = condition
            self.type = type
        }
    }

    static let rows = [
        Row([300, 302, 305, 399], .redirect, .modify),
        Row([301], .gone, .cancel),
        Row([380], .notAcceptable, .modify),
        Row([400, 411, 424, 470, 499], .badRequest, .modify),
        Row([401], .notAuthorized, .auth),
        Row([402], .badRequest, .cancel),
        Row([403], .forbidden, .auth),
        Row([404], .itemNotFound, .cancel),
        Row([405], .featureNotImplemented, .cancel),
        Row([406], .notAcceptable, .modify),
        Row([407], .registrationRequired, .auth),
        Row([408], .remoteServerTimeout, .wait),
        Row([410], .gone, .cancel),
        Row([412], .conflict, .cancel),
        Row([413, 414, 513], .policyViolation, .modify),
        Row([415, 416], .notAcceptable, .modify),
        Row([417, 420, 439], .featureNotImplemented, .cancel),
        Row([421], .notAcceptable, .cancel),
        Row([422, 423], .resourceConstraint, .wait),
        Row([428, 429, 433, 436, 437, 438], .forbidden, .auth),
        Row([430], .recipientUnavailable, .wait),
        Row([440], .policyViolation, .cancel),
        Row([469, 489], .policyViolation, .cancel),
        Row([480, 486, 487], .recipientUnavailable, .wait),
        Row([481], .itemNotFound, .cancel),
        Row([482, 483], .notAcceptable, .cancel),
        Row([484, 485], .itemNotFound, .cancel),
        Row([488], .notAcceptable, .modify),
        Row([493], .badRequest, .modify),
        Row([491], .unexpectedRequest, .wait),
        Row([494], .notAcceptable, .cancel),
        Row([500, 503, 599], .internalServerError, .cancel),
        Row([501], .featureNotImplemented, .cancel),
        Row([502], .remoteServerNotFound, .cancel),
        Row([504], .remoteServerTimeout, .wait),
        Row([505], .notAcceptable, .cancel),
        Row([555], .featureNotImplemented, .cancel),
        Row([580], .notAcceptable, .cancel),
        Row([600, 603, 607, 608, 699], .recipientUnavailable, .cancel),
        Row([604], .itemNotFound, .cancel),
        Row([606], .notAcceptable, .modify),
    ]

    @Test(arguments: rows)
    func `a status has a condition`(_ row: Row) {
        for status in row.statuses {
            let error = ErrorMap.stanzaError(for: SIPResponse(status, reason: "Phrase"))
            #expect(error.condition == row.condition, "\(status)")
            #expect(error.type == row.type, "\(status)")
            #expect(error.text == "\(status) Phrase")
            #expect(error.language == "en")
            #expect(error.by == nil && error.uri == nil)
        }
    }

    @Test func `any status, even none that exists, gives an error`() {
        for status in -1...800 {
            #expect(ErrorMap.stanzaError(for: SIPResponse(status)).text?.isEmpty == false)
        }
        #expect(ErrorMap.stanzaError(for: SIPResponse(404)).text == "404 Not Found")
        #expect(ErrorMap.stanzaError(for: SIPResponse(404, reason: "")).text == "404 Not Found")
    }

    @Test func `Retry-After makes a server's failure one to wait for`() {
        for (status, type) in [
            (500, StanzaErrorType.wait), (503, .wait), (599, .wait), (501, .cancel), (480, .wait),
        ] {
            var response = SIPResponse(status)
            response.headers.append(.retryAfter, "120")
            #expect(ErrorMap.stanzaError(for: response).type == type, "\(status)")
        }
    }

    @Test(
        arguments: [
            (301, "<sip:romeo@new.example;gr=x>, <sip:second@h.example>", "xmpp:romeo@new.example/x"),
            (302, "<sip:o'malley@new.example>", "xmpp:o%5C27malley@new.example"),
            (300, "<sip:192.0.2.1>", "sip:192.0.2.1"),
            (302, "<tel:+15551234>", "tel:+15551234"),
            (302, "<http://h.example/>", "http://h.example/"),
            (302, "<<<", nil),
            (410, "<sip:romeo@new.example>", nil),
            (404, "<sip:romeo@new.example>", nil),
        ] as [(Int, String, String?)]
    )
    func `a redirection says where to`(_ status: Int, _ contact: String, _ uri: String?) {
        var response = SIPResponse(status)
        response.headers.append(.contact, contact)
        #expect(ErrorMap.stanzaError(for: response).uri == uri)
    }

    @Test func `404 may be about the domain`() {
        let error = ErrorMap.stanzaError(
            for: SIPResponse(404),
            domainIsUnknown: true,
            mapper: AddressMapper()
        )
        #expect(error.condition == .remoteServerNotFound && error.type == .cancel)
    }

    @Test func `415 and 485 say what would do`() {
        var response = SIPResponse(415)
        response.headers.append(.accept, "text/plain")
        response.headers.append(.accept, "text/html")
        #expect(
            ErrorMap.stanzaError(for: response).text
                == "415 Unsupported Media Type (accepted: text/plain, text/html)"
        )
        response = SIPResponse(485)
        response.headers.append(.contact, "<sip:a@h.example>, \"B\" <sip:b@h.example>")
        #expect(
            ErrorMap.stanzaError(for: response).text
                == "485 Ambiguous (choose: sip:a@h.example, sip:b@h.example)"
        )
    }

    @Test func `the text is one line that XML can carry`() {
        let long = String(repeating: "x", count: 2000)
        let error = ErrorMap.stanzaError(for: SIPResponse(500, reason: "a\u{7}b\nc\u{FFFE}\(long)"))
        #expect(error.text?.hasPrefix("500 a b c\u{FFFD}xxx") == true)
        #expect((error.text?.utf8.count ?? 0) < 600)
    }
}
