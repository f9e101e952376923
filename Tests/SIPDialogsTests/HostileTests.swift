import MachineKit
import SIPDialogs
import SIPGrammar
import TestKit
import Testing

/// What holds whatever a peer sends and an owner commands, in any order.
struct HostileTests {
    @Test(arguments: 0..<600)
    func `every request is answered at most once, and nothing is said after the end`(seed: UInt64) {
        var storm = Storm(seed: seed)
        storm.rage(120)
        #expect(storm.faults == [], "seed \(seed)")
        storm.calm()
        #expect(storm.faults == [], "seed \(seed)")
        #expect(storm.isOver, "seed \(seed)")
        #expect(storm.unanswered == [], "seed \(seed)")
    }
}

/// A session, and everything that may happen to it, at random.
private struct Storm {
    private var lab: Lab<InviteSession>
    private var dice: SplitMix64
    private var labels: [RequestLabel] = []
    private var arrived: [RequestID: SIPRequest] = [:]
    private var finals: [RequestID: SIPResponse] = [:]
    private(set) var faults: [String] = []
    private var hasEnded = false
    private var serial = 0
    private let isCaller: Bool

    init(seed: UInt64) {
        dice = SplitMix64(seed: seed)
        isCaller = seed % 2 == 0
        lab = Lab(
            isCaller ? Phone.caller(SessionSettings()).session : Phone.callee(SessionSettings()).session
        )
    }

    var isOver: Bool { lab.subject.isOver }

    var unanswered: [SIPMethod] {
        arrived.filter { $0.value.method != .ack && finals[$0.key] == nil }.map(\.value.method)
    }

    mutating func rage(_ steps: Int) {
        if isCaller { note(lab.play(.command(.start(draw(3) == 0 ? nil : body)))) }
        for _ in 0..<steps {
            switch draw(10) {
            case 0..<4: arrive()
            case 4..<6: respond()
            case 6..<9: note(lab.play(.command(command)))
            default:
                let sent = lab.wait(.milliseconds(Int64(draw(20_000))))
                note(sent.map(\.output))
            }
        }
    }

    /// The owner hangs up, and whatever was asked is answered.
    mutating func calm() {
        note(lab.play(.command(.hangUp())))
        for _ in 0..<4 {
            for label in labels { note(lab.play(.failed(label, 408))) }
            let sent = lab.wait(.seconds(100))
            note(sent.map(\.output))
            note(lab.play(.command(.hangUp())))
        }
    }

    private mutating func arrive() {
        let methods: [SIPMethod] = [
            .invite, .invite, .ack, .bye, .cancel, .prack, .update, .info, .refer, .notify, .options,
            .subscribe, SIPMethod("FROB"),
        ]
        let method = methods[draw(methods.count)]
        if method == .bye, draw(4) > 0 { return }
        serial += 1
        let isNew = !isCaller && lab.subject.dialogs.isEmpty
        let peer = isCaller ? "b\(draw(3))" : draw(20) == 0 ? "x" : "a"
        let tag =
            isNew || (method == .cancel && draw(2) == 0)
            ? "" : draw(20) == 0 ? ";tag=x" : isCaller ? ";tag=a" : ";tag=b"
        let number = method == .ack || method == .cancel ? serial - draw(4) : serial
        var headers: SIPHeaders = [
            .from: "<sip:peer@p.example>;tag=\(peer)", .to: "<sip:us@gw.example>\(tag)", .callID: "call",
            .cSeq: "\(max(number, 0)) \(method)", .contact: "<sip:peer@p.example>",
        ]
        if draw(3) == 0 { headers.append(.supported, "100rel, timer") }
        if draw(6) == 0 { headers.append(.allow, "INVITE, UPDATE, PRACK") }
        if draw(8) == 0 { headers.append(.sessionExpires, ["90", "1800;refresher=uas", "1", "x"][draw(4)]) }
        if method == .prack { headers.append(.rAck, rAck) }
        if method == .refer, draw(4) > 0 { headers.append(.referTo, "<sip:carol@c.example>") }
        if method == .notify { headers.append(.event, ["refer", "refer;id=2", "presence"][draw(3)]) }
        if method == .notify { headers.append(.subscriptionState, ["active", "terminated"][draw(2)]) }
        if draw(30) == 0 { headers.removeAll([.cSeq, .contact, .from, .to, .callID][draw(5)]) }
        var content: [UInt8] = []
        if draw(2) == 0 {
            headers.append(.contentType, draw(12) == 0 ? "text/plain" : "application/sdp")
            content = Array("peer\(serial)".utf8)
        }
        let request = SIPRequest(method, SIPRequestURI("sip:us@gw.example")!, headers: headers, body: content)
        let id = RequestID("r\(serial)")
        if method != .ack { arrived[id] = request }
        note(lab.play(.request(id, request)))
    }

    /// The number of a reliable response that was given, mostly.
    private var rAck: String {
        mutating get {
            for (_, response) in given where draw(3) > 0 {
                if let rSeq = (try? response.headers.rSeq()) ?? nil, let cSeq = try? response.headers.cSeq() {
                    return "\(rSeq) \(cSeq.number) INVITE"
                }
            }
            return "1 1 INVITE"
        }
    }

    private var given: [(RequestID, SIPResponse)] = []

    private mutating func respond() {
        let label =
            labels.isEmpty || draw(20) == 0 ? RequestLabel(UInt32(draw(9))) : labels[draw(labels.count)]
        let statuses = [100, 180, 183, 183, 199, 200, 200, 200, 202, 302, 408, 422, 481, 486, 491, 500, 603]
        let status = statuses[draw(statuses.count)]
        var headers: SIPHeaders = [
            .to: "<sip:peer@p.example>;tag=\(isCaller ? "b\(draw(3))" : "a")",
            .contact: "<sip:peer@p.example>",
        ]
        if status < 200, draw(2) == 0 {
            headers.append(.require, "100rel")
            headers.append(.rSeq, "\(1 + draw(3))")
        }
        if draw(4) == 0 { headers.append(.allow, "UPDATE") }
        if status == 422 { headers.append(.minSE, "\(90 + draw(4000))") }
        var content: [UInt8] = []
        if draw(2) == 0 {
            headers.append(.contentType, "application/sdp")
            content = Array("peer".utf8)
        }
        note(lab.play(.response(label, SIPResponse(status, headers: headers, body: content))))
    }

    private var command: SessionCommand {
        mutating get {
            let id = RequestID("r\(max(1, serial - draw(6)))")
            switch draw(14) {
            case 0, 1: return .progress(180 + draw(4), draw(2) == 0 ? body : nil, reliably: draw(2) == 0)
            case 2, 3: return .accept(draw(3) == 0 ? nil : body)
            case 4: return draw(6) == 0 ? .reject(486) : .answer(body)
            case 5, 6: return .answer(body, fork: draw(2) == 0 ? nil : "b\(draw(3))")
            case 7: return .refuse(488)
            case 8, 9: return .change(body, promptly: draw(2) == 0)
            case 10: return draw(8) == 0 ? .hangUp() : .respond(id, 100 + draw(500))
            case 11: return .send(.info, reference: "i")
            case 12: return .refer(Referral(SIPNameAddress("<sip:c@c.example>")!), reference: "r")
            default: return draw(2) == 0 ? .acceptReferral(id) : .report(id, 180 + 20 * draw(3))
            }
        }
    }

    private var body: SessionBody {
        mutating get {
            serial += 1
            return .named("us\(serial)")
        }
    }

    private mutating func note(_ outputs: [InviteSession.Output]) {
        for output in outputs {
            switch output {
            case .request(let label, let request):
                labels.append(label)
                if hasEnded, request.method != .bye { faults.append("\(request.method) after the end") }
            case .cancel: if hasEnded { faults.append("CANCEL after the end") }
            case .acknowledge: break
            case .event(.ended):
                if hasEnded { faults.append("ended twice") }
                hasEnded = true
            case .event: if hasEnded { faults.append("an event after the end") }
            case .respond(let id, let response): check(id, response)
            }
        }
    }

    private mutating func check(_ id: RequestID, _ response: SIPResponse) {
        guard let request = arrived[id] else { return faults.append("\(response.status) to nothing") }
        given.append((id, response))
        if given.count > 8 { given.removeFirst() }
        if let final = finals[id] {
            // Only a 2xx to INVITE comes again.
            guard request.method == .invite, response.isSuccess, final == response else {
                return faults.append("\(final.status), then \(response.status) to \(request.method)")
            }
        } else if response.isFinal {
            finals[id] = response
        }
    }

    private mutating func draw(_ count: Int) -> Int { Int.random(in: 0..<count, using: &dice) }
}
