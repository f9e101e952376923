import Foundation
import MachineKit
import SIPDialogs
import SIPGrammar
import TestKit
import Testing

/// Subscriptions as the one who asks has them (RFC 6665 section 4.1).
struct SubscriberTests {
    @Test func `a subscription is made, told of, refreshed and ended`() {
        var watcher = Watcher()
        #expect(watcher.say(.subscribe) == ["> SUBSCRIBE 1 Expires 3600"])
        #expect(watcher.last.headers[.event] == "presence")
        #expect(watcher.last.headers[.accept] == "application/pidf+xml")
        #expect(watcher.hear(200, [.expires: "1000"]) == ["! accepted 1000"])
        #expect(watcher.get("pending;expires=1000") == ["< 200", "! pending"])
        #expect(watcher.get("active;expires=900", body: "<presence/>") == ["< 200", "! active <presence/>"])
        let refresh = watcher.wait(800)
        #expect(refresh.count == 1 && refresh[0].hasSuffix("> SUBSCRIBE 2 Expires 3600"))
        #expect(watcher.last.headers[.to] == "<sip:bob@b.example>;tag=b")
        #expect(watcher.hear(200, [.expires: "1000"]) == ["! accepted 1000"])
        #expect(watcher.say(.unsubscribe) == ["> SUBSCRIBE 3 Expires 0"])
        #expect(watcher.hear(200, [.expires: "0"]) == [])
        #expect(
            watcher.get("terminated;reason=timeout") == ["< 200", "! terminated", "! ended unsubscribed"]
        )
        #expect(watcher.get("active") == ["< 481"])
        #expect(watcher.wait(5000) == [])
    }

    @Test func `a notification may be quicker than the 2xx`() {
        var watcher = Watcher()
        _ = watcher.say(.subscribe)
        #expect(watcher.get("active;expires=100") == ["< 200", "! active"])
        #expect(watcher.hear(202) == ["! accepted 3600"])
        let refresh = watcher.wait(100)
        #expect(refresh.first?.hasSuffix("> SUBSCRIBE 2 Expires 3600") == true)
    }

    @Test func `refreshes come between 0·765 and 0·85 of what was granted`() {
        for seed in 0..<50 as Range<UInt64> {
            var watcher = Watcher(seed: seed)
            _ = watcher.say(.subscribe)
            _ = watcher.get("active;expires=1000")
            #expect(watcher.wait(764) == [])
            #expect(watcher.wait(87).count == 1)
        }
    }

    @Test func `a notification does not put the refresh off, but a shorter time brings it forward`() {
        var watcher = Watcher()
        _ = watcher.say(.subscribe)
        _ = watcher.get("active;expires=1000")
        _ = watcher.wait(700)
        _ = watcher.get("active;expires=299")
        #expect(watcher.wait(151).count == 1)
        _ = watcher.hear(200, [.expires: "1000"])
        _ = watcher.get("active;expires=100")
        #expect(watcher.wait(86).count == 1)
    }

    @Test func `without a notification the subscription has failed`() {
        var watcher = Watcher()
        _ = watcher.say(.subscribe)
        _ = watcher.hear(200)
        #expect(watcher.wait(40) == ["32.0 ! ended silent"])
    }

    @Test(arguments: [403, 404, 489, 603])
    func `a refusal ends it`(status: Int) {
        var watcher = Watcher()
        _ = watcher.say(.subscribe)
        #expect(watcher.hear(status) == ["! ended refused \(status)"])
        #expect(watcher.isOver)
    }

    @Test func `an interval that is too short is made longer`() {
        var watcher = Watcher()
        _ = watcher.say(.subscribe)
        #expect(watcher.hear(423, [.minExpires: "7200"]) == ["> SUBSCRIBE 2 Expires 7200"])
        #expect(watcher.hear(423, [.minExpires: "7200"]) == ["! ended refused 423"])
    }

    @Test func `a refresh that fails in passing is tried again until it expires`() {
        var watcher = Watcher()
        _ = watcher.say(.subscribe)
        _ = watcher.get("active;expires=100")
        _ = watcher.wait(86)
        #expect(watcher.hear(503) == [])
        #expect(watcher.wait(14) == ["14.0 ! ended expired"])
        var other = Watcher()
        _ = other.say(.subscribe)
        _ = other.get("active;expires=1000")
        _ = other.wait(850)
        #expect(other.fail() == [])
        #expect(other.wait(31) == ["30.0 > SUBSCRIBE 3 Expires 3600"])
        _ = other.fail()
        #expect(other.wait(61) == ["60.0 > SUBSCRIBE 4 Expires 3600"])
        #expect(other.hear(481) == ["! ended gone"])
    }

    @Test(arguments: [
        ("terminated;reason=deactivated", SubscriptionEnd.Retry.now), ("terminated;reason=rejected", .never),
        ("terminated;reason=noresource", .never), ("terminated;reason=invariant", .never),
        ("terminated;reason=timeout", .now), ("terminated;reason=probation;retry-after=9", .after(9)),
        ("terminated;reason=giveup", .later), ("terminated", .later), ("terminated;reason=odd", .later),
    ])
    func `the reason says when to try again`(state: String, retry: SubscriptionEnd.Retry) throws {
        var watcher = Watcher()
        _ = watcher.say(.subscribe)
        _ = watcher.get(state)
        #expect(watcher.end?.retry == retry)
    }

    @Test func `of a fork the first is kept, or all`() {
        var watcher = Watcher()
        _ = watcher.say(.subscribe)
        #expect(watcher.get("active", from: "b1") == ["< 200", "! active"])
        #expect(watcher.get("active", from: "b2") == ["< 481"])
        var all = Watcher(keepsForks: true)
        _ = all.say(.subscribe)
        for fork in 0..<20 { _ = all.get("active", from: "b\(fork)") }
        #expect(all.subject.dialogs.count == 16)
        #expect(all.get("terminated", number: 9, from: "b3") == ["< 200", "! terminated", "! fork ended b3"])
        #expect(all.say(.unsubscribe).count == 15)
    }

    @Test func `what is not this subscription's is refused`() {
        var watcher = Watcher()
        #expect(watcher.get("active") == ["< 481"])
        _ = watcher.say(.subscribe)
        #expect(watcher.get("active", [.event: "dialog"]) == ["< 481"])
        #expect(watcher.get("active", [.event: "presence;id=1"]) == ["< 481"])
        #expect(watcher.get("active", to: "x") == ["< 481"])
        #expect(watcher.get("active", [.callID: "other"]) == ["< 481"])
        #expect(watcher.get(nil) == ["< 400"])
        #expect(watcher.get("active", number: 5) == ["< 200", "! active"])
        #expect(watcher.get("active", number: 4) == ["< 500"])
        #expect(watcher.get("active", number: 6, [.contentType: "text/plain"], body: "x") == ["< 415"])
        #expect(watcher.get("active", number: 7, [.contentEncoding: "gzip"], body: "x") == ["< 415"])
    }

    @Test func `to be told once is no subscription`() {
        var watcher = Watcher(expires: 0)
        #expect(watcher.say(.subscribe) == ["> SUBSCRIBE 1 Expires 0"])
        _ = watcher.hear(200, [.expires: "0"])
        #expect(
            watcher.get("terminated;reason=timeout", body: "<presence/>")
                == ["< 200", "! terminated <presence/>", "! ended unsubscribed"]
        )
    }

    @Test func `who leaves before the first notification refuses it`() {
        var watcher = Watcher()
        _ = watcher.say(.subscribe)
        #expect(watcher.say(.unsubscribe) == ["! ended unsubscribed"])
        #expect(watcher.get("active") == ["< 481"])
    }

    @Test func `a notifier that says nothing more is left`() {
        var watcher = Watcher()
        _ = watcher.say(.subscribe)
        _ = watcher.get("active")
        _ = watcher.say(.unsubscribe)
        _ = watcher.hear(200)
        #expect(watcher.wait(40) == ["32.0 ! ended unsubscribed"])
    }

    @Test func `it is read as it was stored`() throws {
        var watcher = Watcher()
        _ = watcher.say(.subscribe)
        _ = watcher.get("active;expires=100", body: "x")
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let stored = try encoder.encode(watcher.subject)
        let again = try JSONDecoder().decode(Subscriber.self, from: stored)
        #expect(try encoder.encode(again) == stored)
        #expect(again.dialogs == watcher.subject.dialogs)
    }
}

/// A subscriber on the test clock, and words for what it says.
private struct Watcher {
    private var lab: Lab<Subscriber>
    private var sent: [(RequestLabel, SIPRequest)] = []
    private var arrivals = 0
    private(set) var end: SubscriptionEnd?

    init(seed: UInt64 = 1, expires: UInt32 = 3600, keepsForks: Bool = false) {
        let plan = Subscription(
            callID: "sub",
            localTag: "a",
            from: SIPNameAddress("<sip:alice@a.example>")!,
            to: SIPNameAddress("<sip:bob@b.example>")!,
            contact: SIPNameAddress("<sip:alice@gw.example>")!,
            event: SIPEvent("presence"),
            accept: ["application/pidf+xml"],
            expires: expires,
            keepsForks: keepsForks
        )
        lab = Lab(Subscriber(plan, seed: seed))
    }

    var subject: Subscriber { lab.subject }
    var isOver: Bool { lab.subject.isOver }
    var last: SIPRequest { sent[sent.count - 1].1 }

    mutating func say(_ input: Subscriber.Input) -> [String] { note(lab.play(input)) }

    mutating func hear(_ status: Int, _ headers: SIPHeaders = SIPHeaders()) -> [String] {
        let (label, request) = sent[sent.count - 1]
        return say(.response(label, request.response(status, toTag: "b", headers: headers)))
    }

    mutating func fail() -> [String] { say(.failed(sent[sent.count - 1].0, 408)) }

    mutating func get(
        _ state: String?,
        number: Int? = nil,
        _ others: SIPHeaders = SIPHeaders(),
        body: String = "",
        from: String = "b",
        to: String = "a"
    ) -> [String] {
        arrivals += 1
        var headers: SIPHeaders = [
            .from: "<sip:bob@b.example>;tag=\(from)", .to: "<sip:alice@a.example>;tag=\(to)", .callID: "sub",
            .cSeq: "\(number ?? arrivals) NOTIFY", .contact: "<sip:bob@phone.example>", .event: "presence",
        ]
        if let state { headers.append(.subscriptionState, state) }
        if !body.isEmpty { headers[.contentType] = "application/pidf+xml" }
        for field in others.fields { headers[field.name] = field.value }
        let uri = SIPRequestURI("sip:alice@gw.example")!
        let request = SIPRequest(.notify, uri, headers: headers, body: Array(body.utf8))
        return say(.request(RequestID("n\(arrivals)"), request))
    }

    mutating func wait(_ seconds: Int64) -> [String] {
        let start = lab.now.sinceStart
        return lab.wait(.seconds(seconds)).flatMap { sent in
            let after = Double((sent.at - start).inNanoseconds / 1_000_000) / 1000
            return note([sent.output]).map { "\(after) \($0)" }
        }
    }

    private mutating func note(_ outputs: [Subscriber.Output]) -> [String] {
        outputs.map { output in
            switch output {
            case .request(let label, let request):
                sent.append((label, request))
                let number = (try? request.headers.cSeq().number) ?? 0
                return "> \(request.method) \(number) Expires \(request.headers[.expires] ?? "")"
            case .respond(_, let response): return "< \(response.status)"
            case .event(.accepted(let expires)): return "! accepted \(expires)"
            case .event(.notified(let state, let body, fork: _)):
                let text = body.map { " " + String(decoding: $0.octets, as: UTF8.self) } ?? ""
                return "! \(state.state)\(text)"
            case .event(.forkEnded(_, let fork)): return "! fork ended \(fork)"
            case .event(.ended(let end)):
                self.end = end
                return "! ended \(words(end))"
            }
        }
    }

    private func words(_ end: SubscriptionEnd) -> String {
        switch end {
        case .refused(let response): "refused \(response.status)"
        case .terminated: "terminated"
        case .gone: "gone"
        case .silent: "silent"
        case .expired: "expired"
        case .unsubscribed: "unsubscribed"
        }
    }
}
