import Addressing
import SIPGrammar
import Testing
import XMPPGrammar

@Suite("Memories")
struct MemoryTests {
    private let mapper = AddressMapper()

    private func uri(_ text: String) throws -> SIPURI { try #require(SIPURI(text)) }

    @Test func `the last spelling seen is used towards SIP`() throws {
        var memory = SpellingMemory()
        let bob = try uri("sip:Bob@H.Example;transport=tcp")
        let jid = try mapper.jid(for: bob)
        func sighting(_ uri: SIPURI) -> SpellingMemory.Sighting { memory.remember(uri, as: jid) }
        #expect(jid.description == "bob@h.example")
        #expect(try mapper.uri(for: jid, spelledBy: memory).description == "sip:bob@h.example")
        #expect(sighting(bob) == .learned)
        #expect(sighting(bob) == .known)
        let device = try JID("bob@h.example/x")
        #expect(try mapper.uri(for: device, spelledBy: memory).description == "sip:Bob@h.example;gr=x")
        let shouted = try uri("sip:BOB@h.example")
        #expect(sighting(shouted) == .changed(from: "Bob"))
        #expect(memory.user(of: jid) == "BOB")
    }

    @Test func `telephone numbers and domains have no spelling of their own`() throws {
        var memory = SpellingMemory()
        for text in ["sip:+1-5@h.example;user=phone", "sip:h.example"] {
            let uri = try uri(text)
            memory.remember(uri, as: try mapper.jid(for: uri))
        }
        #expect(memory.count == 0)
    }

    @Test func `what was not seen for longest is forgotten`() throws {
        var memory = SpellingMemory(capacity: 100)
        let first = try uri("sip:First@h.example")
        let firstJID = try mapper.jid(for: first)
        for number in 0..<1000 {
            memory.remember(first, as: firstJID)
            let uri = try uri("sip:User\(number)@h.example")
            memory.remember(uri, as: try mapper.jid(for: uri))
            #expect(memory.count <= 100)
        }
        #expect(memory.user(of: firstJID) == "First")
        #expect(memory.user(of: try JID("user999@h.example")) == "User999")
        #expect(memory.user(of: try JID("user901@h.example")) == "User901")
        #expect(memory.user(of: try JID("user900@h.example")) == nil)
    }

    @Test func `gr in From is dropped for a domain that cannot bear it`() {
        var gruu = SenderGRUU(policies: ["never.example": .never, "always.example": .always])
        func asksAgain(_ status: Int, _ domain: String, carried: Bool) -> Bool {
            gruu.learn(status, from: domain, carried: carried)
        }
        #expect(gruu.isCarried(to: "a.example"))
        #expect(asksAgain(404, "a.example", carried: true))
        #expect(!asksAgain(200, "a.example", carried: false))
        #expect(!gruu.isCarried(to: "a.example"))
        // Refused without it too: it was not the cause.
        #expect(asksAgain(403, "b.example", carried: true))
        #expect(!asksAgain(404, "b.example", carried: false))
        #expect(gruu.isCarried(to: "b.example"))
        #expect(!asksAgain(403, "b.example", carried: true))
        // Accepted once: later refusals have other causes.
        #expect(!asksAgain(202, "c.example", carried: true))
        #expect(!asksAgain(404, "c.example", carried: true))
        #expect(!asksAgain(500, "d.example", carried: true))
        #expect(!gruu.isCarried(to: "never.example"))
        #expect(gruu.isCarried(to: "always.example"))
        #expect(!asksAgain(404, "always.example", carried: true))
    }
}
