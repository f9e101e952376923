import SIPDialogs
import SIPGrammar
import Testing

/// Dialogs as RFC 3261 section 12 has them.
struct DialogTests {
    private static let invite = SIPRequest(
        .invite,
        SIPRequestURI("sip:bob@b.example")!,
        headers: [
            .from: "<sip:alice@a.example>;tag=a", .to: "\"Bob\" <sip:bob@b.example>", .callID: "call",
            .cSeq: "31 INVITE", .contact: "<sip:alice@gw.example>",
            .recordRoute: "<sip:p1.example;lr>, <sip:p2.example;lr>",
        ]
    )

    private static func answer(_ headers: SIPHeaders = SIPHeaders(), _ status: Int = 200) -> SIPResponse {
        var all: SIPHeaders = [.to: "\"Bob\" <sip:bob@b.example>;tag=b", .contact: "<sip:bob@phone.example>"]
        all.append(contentsOf: headers)
        return SIPResponse(status, headers: all)
    }

    @Test func `the caller's dialog comes of the response`() throws {
        let routes: SIPHeaders = [.recordRoute: "<sip:p2.example;lr>", .recordRoute: "<sip:p1.example;lr>"]
        var dialog = try SIPDialog(sent: Self.invite, answered: Self.answer(routes))
        #expect(dialog.id == SIPDialogID(callID: "call", localTag: "a", remoteTag: "b"))
        #expect(dialog.isConfirmed && !dialog.isSecure)
        let bye = dialog.request(.bye)
        #expect(bye.uri.description == "sip:bob@phone.example")
        #expect(
            bye.headers.fields.map(\.value) == [
                "<sip:p1.example;lr>", "<sip:p2.example;lr>", "<sip:alice@a.example>;tag=a",
                "\"Bob\" <sip:bob@b.example>;tag=b", "call", "32 BYE",
            ]
        )
        #expect(dialog.acknowledgement(of: 31).headers[.cSeq] == "31 ACK")
    }

    @Test func `the callee's dialog comes of the request`() throws {
        var dialog = try SIPDialog(received: Self.invite, localTag: "b", firstNumber: 7)
        #expect(!dialog.isConfirmed)
        let request = dialog.request(.bye)
        #expect(request.headers.all(.route) == ["<sip:p1.example;lr>", "<sip:p2.example;lr>"])
        #expect(request.headers[.cSeq] == "7 BYE")
        #expect(request.headers[.from] == "\"Bob\" <sip:bob@b.example>;tag=b")
        #expect(request.headers[.to] == "<sip:alice@a.example>;tag=a")
    }

    @Test func `a strict router gets the Request-URI to itself`() throws {
        let routes: SIPHeaders = [.recordRoute: "<sip:p2.example;lr>, <sip:strict.example;method=INVITE?x=y>"]
        var dialog = try SIPDialog(sent: Self.invite, answered: Self.answer(routes))
        let bye = dialog.request(.bye)
        #expect(bye.uri.description == "sip:strict.example")
        #expect(bye.headers.all(.route) == ["<sip:p2.example;lr>", "<sip:bob@phone.example>"])
    }

    @Test func `a response without To or Contact makes one too`() throws {
        var dialog = try SIPDialog(sent: Self.invite, answered: SIPResponse(180))
        #expect(dialog.id.remoteTag == "")
        #expect(dialog.request(.prack).uri.description == "sip:bob@b.example")
    }

    @Test func `too many proxies make none`() {
        let routes: SIPHeaders = [
            .recordRoute: Array(repeating: "<sip:p.example;lr>", count: 33).joined(separator: ",")
        ]
        #expect(throws: SIPDialogFault.tooManyRoutes) {
            try SIPDialog(sent: Self.invite, answered: Self.answer(routes))
        }
    }

    @Test func `requests are admitted in order and by their tags`() throws {
        var dialog = try SIPDialog(received: Self.invite, localTag: "b")
        func request(_ method: SIPMethod, _ number: Int, from: String = "a", to: String = "b") -> SIPRequest {
            SIPRequest(
                method,
                SIPRequestURI("sip:bob@gw.example")!,
                headers: [
                    .from: "<sip:alice@a.example>;tag=\(from)", .to: "<sip:bob@b.example>;tag=\(to)",
                    .callID: "call", .cSeq: "\(number) \(method)",
                ]
            )
        }
        #expect(dialog.admit(request(.info, 32)) == .admitted)
        #expect(dialog.admit(request(.info, 31)) == .outOfOrder)
        #expect(dialog.admit(request(.info, 40)) == .admitted)
        #expect(dialog.admit(request(.ack, 31)) == .admitted)
        #expect(dialog.admit(request(.info, 41, from: "x")) == .foreign)
        #expect(dialog.admit(request(.info, 41, to: "B")) == .foreign)
        #expect(
            dialog.admit(SIPRequest(.info, SIPRequestURI("sip:b")!))
                == .malformed(SIPSyntaxError(.missing, header: .callID))
        )
    }

    @Test(arguments: [
        // RFC 3891 section 3.
        ("call;to-tag=b;from-tag=a", ReplacesVerdict.Candidate.Stage.confirmed, 0),
        ("call;to-tag=b;from-tag=a;early-only", .confirmed, 486),
        ("call;to-tag=b;from-tag=a;early-only", .calling, 0),
        ("call;to-tag=b;from-tag=a", .called, 481), ("call;to-tag=b;from-tag=a", .ended, 603),
        ("call;to-tag=a;from-tag=b", .confirmed, 481), ("other;to-tag=b;from-tag=a", .confirmed, 481),
        ("call;to-tag=b", .confirmed, 400),
    ])
    func `Replaces finds the dialog, or is refused`(
        text: String,
        stage: ReplacesVerdict.Candidate.Stage,
        status: Int
    ) {
        let id = SIPDialogID(callID: "call", localTag: "b", remoteTag: "a")
        let invite = SIPRequest(.invite, SIPRequestURI("sip:b")!, headers: [.replaces: text])
        let verdict = ReplacesVerdict(invite, among: [ReplacesVerdict.Candidate(id, stage)])
        #expect(verdict == (status == 0 ? .replaces(id) : .refused(status)))
    }

    @Test func `Replaces twice, with Join or in another request is refused`() {
        let one = "call;to-tag=b;from-tag=a"
        let uri = SIPRequestURI("sip:b")!
        let cases = [
            SIPRequest(.invite, uri, headers: [.replaces: one, .replaces: one]),
            SIPRequest(.invite, uri, headers: [.replaces: one, .join: one]),
            SIPRequest(.options, uri, headers: [.replaces: one]),
        ]
        for request in cases { #expect(ReplacesVerdict(request, among: []) == .refused(400)) }
        #expect(ReplacesVerdict(SIPRequest(.invite, uri), among: []) == .absent)
    }

    @Test func `what a session can be replaced by follows its state`() {
        var alice = Phone.caller()
        _ = alice.say(.start(.named("offer")))
        _ = alice.hear(180)
        #expect(alice.session.replaceable.map(\.stage) == [.calling])
        _ = alice.hear(200, body: "answer")
        #expect(alice.session.replaceable.map(\.stage) == [.confirmed])
        var bob = Phone.callee()
        _ = bob.get(.invite, 1, body: "offer")
        #expect(bob.session.replaceable.map(\.stage) == [.called])
        _ = bob.get(.bye, 2)
        #expect(bob.session.replaceable.map(\.stage) == [.ended])
    }
}
