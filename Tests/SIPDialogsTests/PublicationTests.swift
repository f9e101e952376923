import Foundation
import MachineKit
import SIPDialogs
import SIPGrammar
import TestKit
import Testing

/// States that are published (RFC 3903).
struct PublicationTests {
    private static func state(_ text: String) -> SessionBody {
        SessionBody("application/pidf+xml", Array(text.utf8))
    }

    @Test func `a state is published, changed, refreshed and taken back`() {
        var author = Author()
        #expect(author.say(.publish(Self.state("one"))) == ["> PUBLISH 1 [one]"])
        #expect(author.hear(200, [.sipETag: "dx200xyz", .expires: "1800"]) == ["! published"])
        #expect(author.say(.publish(Self.state("two"))) == ["> PUBLISH 2 if dx200xyz [two]"])
        #expect(author.hear(200, [.sipETag: "kwj449x", .expires: "1800"]) == ["! published"])
        #expect(author.wait(1530) == ["> PUBLISH 3 if kwj449x"])
        #expect(author.hear(200, [.sipETag: "qwi982ks", .expires: "1800"]) == [])
        #expect(author.say(.remove) == ["> PUBLISH 4 if qwi982ks"])
        #expect(author.last.headers[.expires] == "0")
        #expect(author.hear(200) == ["! removed"])
        #expect(author.wait(9999) == [])
    }

    @Test func `one PUBLISH at a time, and the latest state counts`() {
        var author = Author()
        _ = author.say(.publish(Self.state("one")))
        #expect(author.say(.publish(Self.state("two"))) == [])
        #expect(author.say(.publish(Self.state("three"))) == [])
        #expect(author.hear(200, [.sipETag: "e1"]) == ["! published", "> PUBLISH 2 if e1 [three]"])
    }

    @Test func `what the compositor has forgotten is published anew`() {
        var author = Author()
        _ = author.say(.publish(Self.state("one")))
        _ = author.hear(200, [.sipETag: "e1", .expires: "100"])
        _ = author.wait(90)
        #expect(author.hear(412) == ["> PUBLISH 3 [one]"])
    }

    @Test func `an interval that is too short is made longer, and a refusal told`() {
        var author = Author()
        _ = author.say(.publish(Self.state("one")))
        #expect(author.hear(423, [.minExpires: "7200"]) == ["> PUBLISH 2 [one]"])
        #expect(author.last.headers[.expires] == "7200")
        #expect(author.hear(403) == ["! refused 403"])
    }

    @Test func `what fails in passing is tried again`() {
        var author = Author()
        _ = author.say(.publish(Self.state("one")))
        #expect(author.hear(503) == [])
        #expect(author.wait(31) == ["> PUBLISH 2 [one]"])
    }

    @Test func `the compositor keeps what is published`() {
        var shelf = Shelf()
        #expect(shelf.get(nil, "one") == ["200 e1", "changed"])
        #expect(shelf.get(nil, "other") == ["200 e2", "changed"])
        #expect(shelf.states == ["one", "other"])
        #expect(shelf.get("e1", "two") == ["200 e3", "changed"])
        #expect(shelf.get("e1", "late") == ["412 "])
        #expect(shelf.get("e3", nil) == ["200 e4"])
        #expect(shelf.get("e2", nil, expires: 0) == ["200 e2", "changed"])
        #expect(shelf.states == ["two"])
        #expect(shelf.wait(3601) == ["changed"])
        #expect(shelf.states == [])
    }

    @Test func `what the compositor cannot take is refused`() {
        var shelf = Shelf()
        #expect(shelf.get(nil, nil) == ["400 "])
        #expect(shelf.get(nil, "x", expires: 5) == ["423 "])
        #expect(shelf.get(nil, "x", [.event: "dialog"]) == ["489 "])
        #expect(shelf.get(nil, "x", [.contentType: "text/plain"]) == ["415 "])
        for _ in 0..<32 { _ = shelf.get(nil, "x") }
        #expect(shelf.get(nil, "x") == ["503 "])
    }
}

private struct Author {
    private var lab: Lab<Publisher>
    private var sent: [(RequestLabel, SIPRequest)] = []

    init() {
        let plan = Publication(
            callID: "pub",
            localTag: "a",
            from: SIPNameAddress("<sip:alice@a.example>")!,
            entity: SIPNameAddress("<sip:alice@a.example>")!,
            event: SIPEvent("presence")
        )
        lab = Lab(Publisher(plan, seed: 1))
    }

    var last: SIPRequest { sent[sent.count - 1].1 }

    mutating func say(_ input: Publisher.Input) -> [String] { note(lab.play(input)) }

    mutating func hear(_ status: Int, _ headers: SIPHeaders = SIPHeaders()) -> [String] {
        say(.response(sent[sent.count - 1].0, SIPResponse(status, headers: headers)))
    }

    mutating func wait(_ seconds: Int64) -> [String] { note(lab.wait(.seconds(seconds)).map(\.output)) }

    private mutating func note(_ outputs: [Publisher.Output]) -> [String] {
        outputs.map { output in
            switch output {
            case .request(let label, let request):
                sent.append((label, request))
                let tag = request.headers[.sipIfMatch].map { " if \($0)" } ?? ""
                let body = request.body.isEmpty ? "" : " [\(String(decoding: request.body, as: UTF8.self))]"
                return "> PUBLISH \((try? request.headers.cSeq().number) ?? 0)\(tag)\(body)"
            case .event(.published): return "! published"
            case .event(.refused(let response)): return "! refused \(response.status)"
            case .event(.removed): return "! removed"
            }
        }
    }
}

private struct Shelf {
    private var lab = Lab(
        PublicationStore(
            prefix: "e",
            rules: NotifierSettings(packages: ["presence"], types: ["application/pidf+xml"])
        )
    )
    private var arrivals = 0

    var states: [String] { lab.subject.states.map { String(decoding: $0.octets, as: UTF8.self) } }

    mutating func get(
        _ entityTag: String?,
        _ body: String?,
        _ others: SIPHeaders = SIPHeaders(),
        expires: Int = 3600
    ) -> [String] {
        arrivals += 1
        var headers: SIPHeaders = [
            .from: "<sip:a@a>;tag=1", .to: "<sip:a@a>", .callID: "p", .cSeq: "\(arrivals) PUBLISH",
            .event: "presence", .expires: "\(expires)",
        ]
        if let entityTag { headers.append(.sipIfMatch, entityTag) }
        if body != nil { headers.append(.contentType, "application/pidf+xml") }
        for field in others.fields { headers[field.name] = field.value }
        let uri = SIPRequestURI("sip:a@a")!
        let request = SIPRequest(.publish, uri, headers: headers, body: Array((body ?? "").utf8))
        return note(lab.play(.request(RequestID("p\(arrivals)"), request)))
    }

    mutating func wait(_ seconds: Int64) -> [String] { note(lab.wait(.seconds(seconds)).map(\.output)) }

    private func note(_ outputs: [PublicationStore.Output]) -> [String] {
        outputs.map { output in
            switch output {
            case .respond(_, let response): "\(response.status) \(response.headers[.sipETag] ?? "")"
            case .changed: "changed"
            }
        }
    }
}
