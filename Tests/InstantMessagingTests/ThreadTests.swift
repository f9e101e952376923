import BusContract
import InstantMessaging
import SIPGrammar
import TestKit
import Testing
import TranslatorKit
import XMPPGrammar

/// Threads, Call-IDs, tags and numbers: MAPPING 4.6.
struct ThreadTests {
    @Test(arguments: [
        "D9AA95FD-2BD5-46E2", "a@b", "e0ffe42b28561960c6b12b944a092794b9683a38", "x!%*_+`'~()<>:\\\"/[]?{}",
    ])
    func `a thread that is a Call-ID is the Call-ID`(thread: String) {
        var scene = Scene()
        #expect(scene.xmpp(.juliet(thread: thread)).requests.first?.headers[.callID] == thread)
    }

    @Test(arguments: ["two words", "a@b@c", "@", "ü", "a,b", String(repeating: "a", count: 129)])
    func `any other thread is hashed, and comes back as it was`(thread: String) {
        var scene = Scene()
        let callID = scene.xmpp(.juliet(thread: thread)).requests.first?.headers[.callID] ?? ""
        #expect(callID.hasPrefix("t."))
        #expect(callID.utf8.count == 54)
        #expect(scene.sip(.romeo(callID: callID)).stanzas.first?.text(of: "thread") == thread)
    }

    @Test func `without a thread a device keeps one Call-ID until it was idle for ten minutes`() throws {
        var scene = Scene()
        func call(_ resource: String) throws -> String {
            let request = try #require(
                scene.xmpp(.juliet(from: "juliet@example.com/\(resource)")).requests.first
            )
            _ = scene.respond(200)
            return try #require(request.headers[.callID])
        }
        let first = try call("balcony")
        #expect(first == Mint(letter: "i", shard: Scene.key.shard).identifier(scene.last.child("call")))
        #expect(try call("chamber") != first)
        _ = scene.wait(.seconds(599))
        #expect(try call("balcony") == first)
        _ = scene.wait(.seconds(600))
        #expect(try call("balcony") != first)
    }

    @Test func `a tag belongs to a Call-ID and a device, and numbers rise`() throws {
        var scene = Scene()
        var tags: [String: String] = [:]
        var last: UInt32 = 0
        for (resource, thread) in [("a", "t1"), ("b", "t1"), ("a", "t2"), ("a", "t1"), ("b", "t1")] {
            let stanza = Element.juliet(from: "juliet@example.com/\(resource)", thread: thread)
            let request = try #require(scene.xmpp(stanza).requests.first)
            let tag = try #require(try request.headers.from().tag)
            #expect(tags.updateValue(tag, forKey: "\(resource) \(thread)") ?? tag == tag)
            let number = try request.headers.cSeq().number
            #expect(number > last)
            last = number
            _ = scene.respond(200)
        }
        #expect(Set(tags.values).count == 3)
    }

    @Test func `a restarted translator goes on with the same tag and higher numbers`() throws {
        var scene = Scene()
        var before: [SIPRequest] = []
        for _ in 1...50 {
            before += scene.xmpp(.juliet(thread: "t")).requests
            _ = scene.respond(200)
            _ = scene.wait(.milliseconds(5))
        }
        var restarted = Scene()
        _ = restarted.wait(.milliseconds(250))
        let after = try #require(restarted.xmpp(.juliet(thread: "t")).requests.first)
        #expect(try after.headers.from().tag == before.last?.headers.from().tag)
        #expect(try after.headers.cSeq().number > (try #require(before.last).headers.cSeq().number))
    }

    @Test func `numbers are such as RFC 3261 allows, and no tag and number come twice`() throws {
        var seen: Set<String> = []
        for days in stride(from: 0, to: 120, by: 1) {
            var scene = Scene()
            _ = scene.wait(.seconds(days * 86_400))
            let request = try #require(scene.xmpp(.juliet(thread: "t")).requests.first)
            let number = try request.headers.cSeq().number
            #expect(number < 1 << 31)
            #expect(seen.insert("\(try request.headers.from().tag ?? "") \(number)").inserted)
        }
    }

    @Test func `who takes a new Call-ID for every message keeps the thread of the first`() {
        var scene = Scene()
        func thread(_ callID: String) -> String? {
            scene.sip(.romeo(callID: callID)).stanzas.first?.text(of: "thread")
        }
        #expect(thread("a") == "a")
        #expect(thread("b") == "a")
        #expect(thread("c") == "a")
        _ = scene.wait(.seconds(601))
        #expect(thread("d") == "d")
        #expect(thread("b") == "a")
    }

    @Test func `who stays with a Call-ID may begin a new thread with a new one`() {
        var scene = Scene()
        let threads = ["a", "a", "b", "b", "c"].map {
            scene.sip(.romeo(callID: $0)).stanzas.first?.text(of: "thread")
        }
        #expect(threads == ["a", "a", "b", "b", "c"])
    }

    @Test func `an answer within the gateway's own Call-ID is no new one`() throws {
        var scene = Scene()
        let callID = try #require(scene.xmpp(.juliet()).requests.first?.headers[.callID])
        #expect(scene.sip(.romeo(callID: "a")).stanzas.first?.text(of: "thread") == "a")
        #expect(scene.sip(.romeo(callID: callID)).stanzas.first?.text(of: "thread") == callID)
        #expect(scene.sip(.romeo(callID: "b")).stanzas.first?.text(of: "thread") == "b")
    }

    @Test func `a Call-ID of any length makes a thread of bounded length`() {
        var scene = Scene()
        let thread = scene.sip(.romeo(callID: String(repeating: "c", count: 9_000))).stanzas.first?.text(
            of: "thread"
        )
        #expect(thread?.utf8.count == 54)
    }
}
