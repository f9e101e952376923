import Foundation
import MachineKit
import SIPDialogs
import SIPGrammar
import TestKit
import Testing

/// Subscriptions as the one who tells has them (RFC 6665 section 4.2).
struct NotifierTests {
    private static let document = Notification("application/pidf+xml", Array("<presence/>".utf8))

    @Test func `a subscription is granted, told of and ends with its time`() {
        var desk = Desk()
        #expect(desk.get(1, [.expires: "600"]) == ["! subscribed 600"])
        #expect(desk.say(.accept(.pending, nil)) == ["< 200", "> NOTIFY 1 pending;expires=600"])
        #expect(desk.given.headers[.expires] == "600")
        #expect(desk.given.headers[.contact] == "<sip:bob@gw.example>")
        #expect(desk.last.headers[.event] == "presence")
        #expect(desk.last.headers[.from] == "<sip:bob@b.example>;tag=b")
        #expect(desk.last.headers[.to] == "<sip:alice@a.example>;tag=a")
        #expect(desk.hear(200) == ["! delivered"])
        #expect(desk.wait(100) == [])
        #expect(desk.say(.notify(.active, Self.document)) == ["> NOTIFY 2 active;expires=500 <presence/>"])
        #expect(desk.hear(200) == ["! delivered"])
        #expect(desk.wait(501) == ["500.0 > NOTIFY 3 terminated;reason=timeout", "500.0 ! ended expired"])
        #expect(!desk.isOver)
        #expect(desk.hear(200) == [])
        #expect(desk.isOver)
    }

    @Test func `one notification is under way at a time`() {
        var desk = Desk()
        _ = desk.get(1)
        _ = desk.say(.accept(.active, nil))
        for _ in 0..<16 { #expect(desk.say(.notify(.active, Self.document)) == []) }
        #expect(desk.say(.notify(.active, Self.document)) == ["! state wanted"])
        #expect(desk.say(.notify(.active, nil)) == [])
        #expect(desk.hear(200) == ["! delivered", "> NOTIFY 2 active;expires=3600"])
        #expect(desk.say(.terminate(reason: "rejected")) == ["! ended terminated"])
        #expect(desk.hear(200) == ["> NOTIFY 3 terminated;reason=rejected"])
    }

    @Test func `a refresh asks for the whole state`() {
        var desk = Desk()
        _ = desk.get(1, [.expires: "600"])
        _ = desk.say(.accept(.active, nil))
        _ = desk.hear(200)
        _ = desk.wait(500)
        #expect(desk.get(2, [.expires: "700"]) == ["< 200", "! state wanted"])
        #expect(desk.say(.notify(.active, Self.document)) == ["> NOTIFY 2 active;expires=700 <presence/>"])
        _ = desk.hear(200)
        #expect(desk.wait(699) == [])
        #expect(desk.get(2) == ["< 500"])
        #expect(desk.get(3, [.event: "dialog"]) == ["< 481"])
        #expect(desk.get(4, from: "x") == ["< 481"])
        #expect(desk.get(5, [.expires: "5"]) == ["< 423"])
        #expect(desk.given.headers[.minExpires] == "60")
    }

    @Test func `who leaves is told once more`() {
        var desk = Desk()
        _ = desk.get(1)
        _ = desk.say(.accept(.active, nil))
        _ = desk.hear(200)
        #expect(desk.get(2, [.expires: "0"]) == ["< 200", "! unsubscribed"])
        #expect(
            desk.say(.notify(.active, Self.document))
                == ["> NOTIFY 2 terminated;reason=timeout <presence/>", "! ended unsubscribed"]
        )
        #expect(desk.get(3) == ["< 481"])
        var other = Desk()
        _ = other.get(1)
        _ = other.say(.accept(.active, nil))
        _ = other.hear(200)
        _ = other.get(2, [.expires: "0"])
        #expect(other.wait(6) == ["5.0 > NOTIFY 2 terminated;reason=timeout", "5.0 ! ended unsubscribed"])
    }

    @Test func `who asks for no time is told once`() {
        var desk = Desk()
        #expect(desk.get(1, [.expires: "0"]) == ["! subscribed 0"])
        #expect(
            desk.say(.accept(.active, Self.document))
                == ["< 200", "> NOTIFY 1 terminated;reason=timeout <presence/>", "! ended unsubscribed"]
        )
    }

    private static let refused: [Refused] = [
        Refused(489, .event, "presence.winfo"), Refused(423, .expires, "59"), Refused(400, .expires, "x"),
        Refused(406, .accept, "text/plain"), Refused(420, .require, "eventlist"),
        Refused(400, .contact, "junk"),
    ]

    @Test(arguments: refused)
    func `what cannot be granted is refused`(wrong: Refused) {
        var desk = Desk()
        var headers = SIPHeaders()
        headers.append(wrong.name, wrong.value)
        #expect(desk.get(1, headers) == ["< \(wrong.status)", "! ended refused(\(wrong.status))"])
        #expect(desk.isOver)
    }

    @Test(arguments: ["application/pidf+xml", "application/*", "*/*", "text/plain, application/PIDF+xml"])
    func `what is accepted is granted`(accept: String) {
        var desk = Desk()
        #expect(desk.get(1, [.accept: accept, .expires: "99999"]) == ["! subscribed 86400"])
        #expect(desk.say(.refuse(403)) == ["< 403", "! ended refused(403)"])
    }

    @Test(arguments: [404, 405, 408, 481, 489, 501, 604])
    func `a notification that nobody wants ends it`(status: Int) {
        var desk = Desk()
        _ = desk.get(1)
        _ = desk.say(.accept(.active, nil))
        #expect(desk.hear(status) == ["! ended lost(\(status))"])
        #expect(desk.isOver)
    }

    @Test func `a notification that fails in passing does not`() {
        var desk = Desk()
        _ = desk.get(1)
        _ = desk.say(.accept(.active, nil))
        #expect(desk.hear(503) == ["! delivered"])
        #expect(
            desk.say(.terminate(reason: "probation", retryAfter: 60)) == [
                "> NOTIFY 2 terminated;reason=probation;retry-after=60", "! ended terminated",
            ]
        )
    }

    @Test func `it is read as it was stored, but for the time that is left`() throws {
        var desk = Desk()
        _ = desk.get(1)
        _ = desk.say(.accept(.active, nil))
        _ = desk.hear(200)
        let stored = try JSONEncoder().encode(desk.subject)
        var again = Lab(try JSONDecoder().decode(Notifier.self, from: stored))
        guard case .request(_, let request) = again.play(.notify(.active, nil)).first else {
            Issue.record("nothing was sent")
            return
        }
        #expect(request.headers[.subscriptionState] == "active")
    }
}

/// A notifier on the test clock, and words for what it says.
private struct Desk {
    private var lab: Lab<Notifier>
    private var sent: [(RequestLabel, SIPRequest)] = []
    private(set) var given = SIPResponse(100)
    private var arrivals = 0

    init() {
        let rules = NotifierSettings(packages: ["presence"], types: ["application/pidf+xml"])
        lab = Lab(
            Notifier(
                answeringAs: "b",
                contact: SIPNameAddress("<sip:bob@gw.example>")!,
                rules: rules,
                seed: 1
            )
        )
    }

    var subject: Notifier { lab.subject }
    var isOver: Bool { lab.subject.isOver }
    var last: SIPRequest { sent[sent.count - 1].1 }

    mutating func say(_ input: Notifier.Input) -> [String] { note(lab.play(input)) }

    mutating func hear(_ status: Int) -> [String] {
        let (label, request) = sent[sent.count - 1]
        return say(.response(label, request.response(status)))
    }

    mutating func get(_ number: Int, _ others: SIPHeaders = SIPHeaders(), from: String = "a") -> [String] {
        arrivals += 1
        let tag = lab.subject.subscription == nil ? "" : ";tag=b"
        var headers: SIPHeaders = [
            .from: "<sip:alice@a.example>;tag=\(from)", .to: "<sip:bob@b.example>\(tag)", .callID: "sub",
            .cSeq: "\(number) SUBSCRIBE", .contact: "<sip:alice@phone.example>", .event: "presence",
        ]
        for field in others.fields { headers[field.name] = field.value }
        let request = SIPRequest(.subscribe, SIPRequestURI("sip:bob@b.example")!, headers: headers)
        return say(.request(RequestID("s\(arrivals)"), request))
    }

    mutating func wait(_ seconds: Int64) -> [String] {
        let start = lab.now.sinceStart
        return lab.wait(.seconds(seconds)).flatMap { sent in
            let after = Double((sent.at - start).inNanoseconds / 1_000_000) / 1000
            return note([sent.output]).map { "\(after) \($0)" }
        }
    }

    private mutating func note(_ outputs: [Notifier.Output]) -> [String] {
        outputs.map { output in
            switch output {
            case .request(let label, let request):
                sent.append((label, request))
                let number = (try? request.headers.cSeq().number) ?? 0
                let body = request.body.isEmpty ? "" : " " + String(decoding: request.body, as: UTF8.self)
                return "> \(request.method) \(number) \(request.headers[.subscriptionState] ?? "")\(body)"
            case .respond(_, let response):
                given = response
                return "< \(response.status)"
            case .event(.subscribed(_, let expires)): return "! subscribed \(expires)"
            case .event(.stateWanted): return "! state wanted"
            case .event(.unsubscribed): return "! unsubscribed"
            case .event(.delivered): return "! delivered"
            case .event(.ended(let end)): return "! ended \(end)"
            }
        }
    }
}
