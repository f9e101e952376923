import MachineKit
import SIPDialogs
import SIPGrammar
import TestKit

/// One end of a call on the test clock, and words for what it says, so that a test reads as the figure in an RFC.
///
/// `> INVITE 1 [offer]` is a request that it sends, `< 200 INVITE [answer]` a response, `! established` an event.
struct Phone {
    private(set) var lab: Lab<InviteSession>
    /// The requests that it has sent, the latest last.
    private(set) var sent: [(label: RequestLabel?, request: SIPRequest)] = []
    /// The responses that it has given, the latest last.
    private(set) var given: [SIPResponse] = []
    private(set) var events: [SessionEvent] = []
    private let isCaller: Bool
    private var arrivals = 0

    /// Alice, who calls Bob.
    static func caller(
        _ settings: SessionSettings = .quiet,
        routes: [SIPNameAddress] = [],
        headers: SIPHeaders = SIPHeaders()
    ) -> Phone {
        let invitation = Invitation(
            callID: "call",
            localTag: "a",
            from: SIPNameAddress("<sip:alice@a.example>")!,
            to: SIPNameAddress("<sip:bob@b.example>")!,
            contact: SIPNameAddress("<sip:alice@gw.example;gr=1>")!,
            routes: routes,
            headers: headers
        )
        return Phone(InviteSession(invitation, settings: settings, seed: 1), isCaller: true)
    }

    /// Bob, whom Alice calls.
    static func callee(_ settings: SessionSettings = .quiet) -> Phone {
        let session = InviteSession(
            answeringAs: "b",
            contact: SIPNameAddress("<sip:bob@gw.example>")!,
            settings: settings,
            seed: 2
        )
        return Phone(session, isCaller: false)
    }

    init(_ session: InviteSession, isCaller: Bool) {
        lab = Lab(session)
        self.isCaller = isCaller
    }

    var session: InviteSession { lab.subject }
    var lastRequest: SIPRequest { sent[sent.count - 1].request }
    var lastResponse: SIPResponse { given[given.count - 1] }

    mutating func say(_ command: SessionCommand) -> [String] {
        note(lab.play(.command(command)))
    }

    /// A response to the latest request of a method.
    mutating func hear(
        _ status: Int,
        to method: SIPMethod = .invite,
        tag: String? = "b",
        _ headers: SIPHeaders = SIPHeaders(),
        body: String = ""
    ) -> [String] {
        guard let index = sent.lastIndex(where: { $0.request.method == method && $0.label != nil }) else {
            return ["nothing to respond to"]
        }
        var all = headers
        if tag != nil, method == .invite, headers[.contact] == nil {
            all.append(.contact, "<sip:bob@\(tag!).example>")
        }
        if !body.isEmpty { all[.contentType] = "application/sdp" }
        var response = sent[index].request.response(status, toTag: tag, headers: all, body: Array(body.utf8))
        if let number = headers[.cSeq] { response.headers[.cSeq] = number }
        return note(lab.play(.response(sent[index].label!, response)))
    }

    mutating func hearNothing(to method: SIPMethod, _ status: Int = 408) -> [String] {
        let label = sent.last { $0.request.method == method && $0.label != nil }!.label!
        return note(lab.play(.failed(label, status)))
    }

    /// A request of the peer's.
    mutating func get(
        _ method: SIPMethod,
        _ number: Int,
        _ headers: SIPHeaders = SIPHeaders(),
        body: String = "",
        from: String? = nil,
        to: String? = nil
    ) -> [String] {
        arrivals += 1
        let request = request(method, number, headers, body: body, from: from, to: to)
        return note(lab.play(.request(RequestID("r\(arrivals)"), request)))
    }

    /// The id that the latest request of the peer's had.
    var lastID: RequestID { RequestID("r\(arrivals)") }

    mutating func again(_ id: RequestID, _ request: SIPRequest) -> [String] {
        note(lab.play(.request(id, request)))
    }

    func request(
        _ method: SIPMethod,
        _ number: Int,
        _ headers: SIPHeaders = SIPHeaders(),
        body: String = "",
        from: String? = nil,
        to: String? = nil
    ) -> SIPRequest {
        let peer = isCaller ? "<sip:bob@b.example>" : "<sip:alice@a.example>"
        let us = isCaller ? "<sip:alice@a.example>" : "<sip:bob@b.example>"
        let isFirst = !isCaller && session.dialogs.isEmpty && to == nil
        let ourTag = isFirst || to == "" ? "" : ";tag=\(to ?? (isCaller ? "a" : "b"))"
        var all: SIPHeaders = [
            .via: "SIP/2.0/UDP peer.example;branch=z9hG4bK\(arrivals)",
            .from: "\(peer);tag=\(from ?? (isCaller ? "b" : "a"))",
            .to: "\(us)\(ourTag)",
            .callID: "call",
            .cSeq: "\(number) \(method)",
        ]
        if !headers.contains(.contact), method != .ack, method != .bye, method != .cancel {
            all.append(.contact, "<sip:peer@peer.example>")
        }
        all.append(contentsOf: headers)
        if !body.isEmpty, all[.contentType] == nil { all[.contentType] = "application/sdp" }
        return SIPRequest(method, SIPRequestURI("sip:us@gw.example")!, headers: all, body: Array(body.utf8))
    }

    /// Lets seconds pass; what is said, with when.
    mutating func wait(_ seconds: Double) -> [String] {
        let start = lab.now
        return lab.wait(.milliseconds(Int64(seconds * 1000))).flatMap { sent in
            let after = sent.at - start.sinceStart
            return note([sent.output]).map { "\(Double(after.inNanoseconds / 1_000_000) / 1000): \($0)" }
        }
    }

    private mutating func note(_ outputs: [InviteSession.Output]) -> [String] {
        outputs.map { output in
            switch output {
            case .request(let label, let request):
                sent.append((label, request))
                return "> \(words(request))"
            case .acknowledge(let request):
                sent.append((nil, request))
                return "> \(words(request))"
            case .cancel(_, let request):
                sent.append((nil, request))
                return "> \(words(request))"
            case .respond(_, let response):
                given.append(response)
                let method = (try? response.headers.cSeq().method.name) ?? "?"
                return "< \(response.status) \(method)\(brackets(response.body))"
            case .event(let event):
                events.append(event)
                return "! \(words(event))"
            }
        }
    }

    private func words(_ request: SIPRequest) -> String {
        let number = (try? request.headers.cSeq().number) ?? 0
        return "\(request.method) \(number)\(brackets(request.body))"
    }

    private func brackets(_ body: [UInt8]) -> String {
        let line = body.prefix { $0 != 0x0D }
        return body.isEmpty ? "" : " [\(String(decoding: line, as: UTF8.self))]"
    }

    private func words(_ event: SessionEvent) -> String {
        func text(_ body: SessionBody) -> String { String(decoding: body.octets, as: UTF8.self) }
        switch event {
        case .invited(let body): return "invited\(body.map { brackets($0.octets) } ?? "")"
        case .progress(let status, let fork): return "progress \(status) \(fork)"
        case .early(let body, let fork): return "early \(text(body)) \(fork)"
        case .forkEnded(let fork): return "fork ended \(fork)"
        case .answered(let body, let fork): return "answered \(text(body)) \(fork)"
        case .offered(let body, let fork): return "offered \(text(body)) \(fork)"
        case .offerWanted: return "offer wanted"
        case .offerWithdrawn: return "offer withdrawn"
        case .established(let fork): return "established \(fork)"
        case .changeRefused(let response): return "change refused \(response.status)"
        case .request(_, let request): return "request \(request.method)"
        case .response(let response, let reference): return "response \(response.status) \(reference)"
        case .referRequested(_, let referral): return "refer to \(referral.target.uri)"
        case .transfer(let progress, let reference): return "transfer \(progress) \(reference)"
        case .ended(let end): return "ended \(words(end))"
        }
    }

    private func words(_ end: SessionEnd) -> String {
        switch end {
        case .refused(let response): "refused \(response.status)"
        case .rejected(let status): "rejected \(status)"
        case .cancelled(let reasons, let byPeer): "cancelled \(byPeer ? "by peer" : "by us")\(words(reasons))"
        case .hungUp(let reasons, let byPeer): "hung up \(byPeer ? "by peer" : "by us")\(words(reasons))"
        case .lost(let status): "lost \(status)"
        case .expired: "expired"
        case .unacknowledged: "unacknowledged"
        case .provisionalUnacknowledged: "provisional unacknowledged"
        case .noAnswer: "no answer"
        }
    }

    private func words(_ reasons: [SIPReason]) -> String {
        reasons.map { " \($0.cause ?? 0)" }.joined()
    }
}

extension SessionSettings {
    /// No session timers, which would speak in every test that waits.
    static var quiet: SessionSettings {
        var settings = SessionSettings()
        settings.interval = 0
        return settings
    }
}

extension SessionBody {
    /// A description that is only a name.
    static func named(_ name: String) -> SessionBody { SessionBody(Array(name.utf8)) }
}

extension SessionBody {
    init(_ octets: [UInt8]) {
        self.init("application/sdp", octets)
    }
}

extension Phone {
    /// A call of ours that Bob has answered.
    static func established(
        _ settings: SessionSettings = .quiet,
        _ headers: SIPHeaders = SIPHeaders()
    ) -> Phone {
        var phone = Phone.caller(settings)
        _ = phone.say(.start(.named("offer")))
        _ = phone.hear(200, headers, body: "answer")
        return phone
    }

    /// A call of Alice's that we have answered.
    static func answered(_ settings: SessionSettings = .quiet, _ headers: SIPHeaders = SIPHeaders()) -> Phone
    {
        var phone = Phone.callee(settings)
        _ = phone.get(.invite, 1, headers, body: "offer")
        _ = phone.say(.accept(.named("answer")))
        _ = phone.get(.ack, 1)
        return phone
    }
}
