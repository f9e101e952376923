import Addressing
import BusContract
import SIPGrammar
import Testing
import XMPPGrammar

/// MAPPING 3.2's last paragraph and the table of the architecture's section 8.
@Suite("Failures")
struct FailureTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let reason: Failure.Reason
        let message: Int
        let invite: Int
        let condition: StanzaErrorCondition
        let type: StanzaErrorType
        var testDescription: String { reason.rawValue }

        init(
            _ reason: Failure.Reason,
            _ message: Int,
            _ invite: Int,
            _ condition: StanzaErrorCondition,
            _ type: StanzaErrorType
        ) {
            self.reason = reason
            self.message = message
            self.invite = invite
            self.condition = condition
            self.type = type
        }
    }

    static let rows = [
        Row(.domainNotFound, 404, 404, .remoteServerNotFound, .cancel),
        Row(.unreachable, 502, 502, .remoteServerNotFound, .cancel),
        Row(.timeout, 504, 504, .remoteServerTimeout, .wait),
        Row(.insecure, 502, 502, .remoteServerNotFound, .cancel),
        Row(.tooLarge, 413, 413, .policyViolation, .modify),
        Row(.forbidden, 403, 403, .notAllowed, .cancel),
        Row(.overloaded, 503, 503, .resourceConstraint, .wait),
        Row(.unsupported, 415, 488, .featureNotImplemented, .cancel),
        Row(.malformed, 400, 400, .badRequest, .modify),
        Row(.deadline, 504, 504, .remoteServerTimeout, .wait),
        Row(.internal, 500, 500, .internalServerError, .cancel),
    ]

    @Test(arguments: rows)
    func `a failure is told on the side that asked`(_ row: Row) {
        let failure = Failure(row.reason, "no route to wonder.example")
        let message = ErrorMap.answer(for: failure, to: .message)
        #expect(message.status == row.message)
        #expect(message.reason == "no route to wonder.example")
        #expect(ErrorMap.answer(for: failure, to: .invite).status == row.invite)
        #expect((message.headers[.retryAfter] != nil) == (row.message == 503))
        #expect((message.headers[.accept] != nil) == (row.message == 415))
        let error = ErrorMap.stanzaError(for: failure, by: "gw.example")
        #expect(error.condition == row.condition && error.type == row.type)
        #expect(
            error.text == "no route to wonder.example" && error.language == "en" && error.by == "gw.example"
        )
    }

    @Test func `every reason is in the table`() {
        #expect(Self.rows.map(\.reason) == Failure.Reason.allCases)
    }

    @Test func `what no service does is not allowed`() {
        let answer = ErrorMap.answer(for: Failure(.unsupported, "x"), to: .publish)
        #expect(answer.status == 405)
        #expect(answer.headers[.allow] == "OPTIONS, MESSAGE")
    }

    @Test func `an answer that the one who failed wrote is used`() {
        let own = Failure(.forbidden, "x", answer: .sipAnswer(SIPAnswer(480, reason: "Gone fishing")))
        #expect(ErrorMap.answer(for: own, to: .message) == SIPAnswer(480, reason: "Gone fishing"))
        #expect(ErrorMap.stanzaError(for: own, by: "gw.example").condition == .recipientUnavailable)
        #expect(ErrorMap.stanzaError(for: own, by: "gw.example").text == "480 Gone fishing")

        let response = Failure(.internal, "x", answer: .sipResponse(SIPResponse(604)))
        #expect(ErrorMap.stanzaError(for: response, by: "gw.example").condition == .itemNotFound)
        #expect(ErrorMap.answer(for: response, to: .message).status == 500)

        var stanza = Element("message", Namespace.client)
        stanza.append(StanzaError(.itemNotFound, text: "nobody", by: "wonder.example").element())
        let bounced = Failure(.internal, "x", answer: .stanza(stanza))
        #expect(ErrorMap.answer(for: bounced, to: .message) == SIPAnswer(404, reason: "nobody"))
        #expect(ErrorMap.stanzaError(for: bounced, by: "gw.example").by == "wonder.example")
    }

    @Test func `an answer that is no error is none`() {
        let odd = Failure(.timeout, "x", answer: .sipAnswer(SIPAnswer(200)))
        #expect(ErrorMap.answer(for: odd, to: .message).status == 504)
        #expect(ErrorMap.stanzaError(for: odd, by: "gw.example").condition == .remoteServerTimeout)
        let plain = Failure(.timeout, "x", answer: .stanza(Element("message", Namespace.client)))
        #expect(ErrorMap.answer(for: plain, to: .message).status == 504)
    }

    @Test func `a busy service says when to come back`() {
        #expect(ErrorMap.answer(forBusy: .milliseconds(1200)).headers[.retryAfter] == "2")
        #expect(ErrorMap.answer(forBusy: .zero).headers[.retryAfter] == "1")
        #expect(ErrorMap.answer(forBusy: .seconds(-5)).headers[.retryAfter] == "1")
        #expect(ErrorMap.answer(forBusy: .seconds(7)).status == 503)
        let error = ErrorMap.stanzaError(forBusyBy: "gw.example")
        #expect(error.condition == .resourceConstraint && error.type == .wait && error.by == "gw.example")
    }

    @Test(arguments: [
        (Unmappable.Reason.scheme, 416, 416), (.secureScheme, 480, 480), (.user, 404, 403),
        (.domain, 404, 403),
        (.syntax, 400, 400),
    ])
    func `an address that cannot be mapped is answered`(
        _ reason: Unmappable.Reason,
        _ target: Int,
        _ sender: Int
    ) {
        let unmappable = Unmappable(reason, "why")
        let answer = ErrorMap.answer(for: unmappable, of: .target, warnedBy: "gw.example")
        #expect(answer.status == target)
        #expect(ErrorMap.answer(for: unmappable, of: .sender, warnedBy: "gw.example").status == sender)
        #expect(
            answer.headers[.warning]
                == (reason == .secureScheme ? "380 gw.example \"SIPS Not Allowed\"" : nil)
        )
        #expect(
            ErrorMap.stanzaError(for: unmappable, of: .target, by: "gw.example").condition == .itemNotFound
        )
        #expect(
            ErrorMap.stanzaError(for: unmappable, of: .sender, by: "gw.example").condition == .jidMalformed
        )
    }
}
