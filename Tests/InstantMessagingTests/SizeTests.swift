import BusContract
import InstantMessaging
import SIPGrammar
import TestKit
import Testing
import TranslatorKit
import XMPPGrammar

/// A text that the next hop cannot take whole: MAPPING 4.4.
struct SizeTests {
    static let words =
        "Good night, good night! parting is such sweet sorrow, That I shall say good night till it be morrow."

    @Test func `a long text is tried whole first`() {
        var scene = Scene()
        let text = String(repeating: "é", count: 5_000)
        #expect(scene.xmpp(.juliet(text)).texts == [text])
    }

    @Test func `parts leave in order, each after the last was taken, and together are the text`() {
        var scene = Scene()
        _ = scene.xmpp(.juliet(Self.words))
        var parts = scene.tooLarge(room: 40).texts
        while parts.count < 100, parts.joined() != Self.words {
            #expect(scene.underWay.count == 1)
            #expect(scene.underWay[0].id == scene.last.child("part \(parts.count): \(parts.last ?? "")"))
            parts += scene.respond(200).texts
        }
        #expect(parts.joined() == Self.words)
        #expect(parts.count == 3)
        #expect(parts.allSatisfy { $0.utf8.count <= 40 })
        #expect(scene.respond(200) == [.done(scene.last)])
    }

    @Test func `parts have one Call-ID and From tag and rising CSeq numbers`() throws {
        var scene = Scene()
        var requests = scene.xmpp(.juliet(Self.words)).requests
        requests += scene.tooLarge(room: 40).requests
        requests += scene.respond(200).requests
        requests += scene.respond(200).requests
        #expect(requests.count == 4)
        #expect(Set(requests.map { $0.headers[.callID] }).count == 1)
        #expect(try Set(requests.map { try $0.headers.from().tag }).count == 1)
        let numbers = try requests.map { try $0.headers.cSeq().number }
        #expect(numbers == numbers.sorted() && Set(numbers).count == 4)
    }

    @Test func `a second owner who hears the same sends the same, under the same ids`() {
        func story() -> [Delivery] {
            var scene = Scene()
            var sent: [Delivery] = []
            _ = scene.xmpp(.juliet(Self.words, to: "romeo@example.net/orchard"))
            sent += scene.underWay
            _ = scene.tooLarge(room: 40)
            for status in [480, 200, 200] {
                sent += scene.underWay
                _ = scene.respond(status)
            }
            return sent + scene.underWay
        }
        let first = story()
        #expect(first.count == 5)
        #expect(story() == first)
    }

    @Test func `what can be left out is left out before a text is cut`() throws {
        var scene = Scene()
        let subject = Element("subject", Namespace.client, text: String(repeating: "s", count: 50))
        _ = scene.xmpp(.juliet(Self.words, subject))
        let light = try #require(scene.tooLarge(room: Self.words.utf8.count - 60).requests.first)
        #expect(light.body == Array(Self.words.utf8))
        #expect(!light.headers.contains(.subject))
        #expect(try light.headers.from().uri.description == "sip:juliet@example.com")
        #expect(scene.underWay[0].id == scene.last.child("whole attempt 2"))
        #expect(scene.tooLarge(room: 60).texts.count == 1)
        #expect(scene.respond(200).texts.count == 1)
    }

    @Test func `what costs no part more stays, the subject with the first part`() {
        var scene = Scene()
        let subject = Element("subject", Namespace.client, text: "Night")
        _ = scene.xmpp(.juliet(String(repeating: "long ", count: 200), subject))
        let first = scene.tooLarge(room: 600).requests.first
        #expect(first?.headers[.subject] == "Night")
        let second = scene.respond(200).requests.first
        #expect(second?.headers[.subject] == nil)
        #expect((try? second?.headers.from())?.uri.description == "sip:juliet@example.com;gr=balcony")
    }

    @Test func `a part that is still too large is cut again, and none is sent twice`() {
        var scene = Scene()
        _ = scene.xmpp(.juliet(Self.words))
        var taken = scene.tooLarge(room: 60).texts
        _ = scene.respond(200)
        taken += scene.tooLarge(room: 20).texts
        #expect(scene.underWay[0].id == scene.last.child("part 2 attempt 2: \(taken.last ?? "")"))
        while scene.underWay.count == 1 { taken += scene.respond(200).texts }
        #expect(taken.joined() == Self.words)
        #expect(taken.dropFirst().allSatisfy { $0.utf8.count <= 20 })
    }

    @Test(arguments: [
        (0, "0 of 3 parts were delivered: 486 Busy Here"), (2, "2 of 3 parts were delivered: 486 Busy Here"),
    ])
    func `when a part fails its sender hears how much arrived`(taken: Int, text: String) {
        var scene = Scene()
        _ = scene.xmpp(.juliet(Self.words))
        _ = scene.tooLarge(room: 40)
        for _ in 0..<taken { _ = scene.respond(200) }
        let error = scene.respond(486).first?.stanzaError
        #expect(error?.condition == .recipientUnavailable)
        #expect(error?.text == text)
        #expect(error?.by == "example.net")
        #expect(scene.underWay.isEmpty)
    }

    @Test func `a part without an answer is not repeated, for it may have arrived`() {
        var scene = Scene()
        _ = scene.xmpp(.juliet(Self.words))
        _ = scene.tooLarge(room: 40)
        _ = scene.respond(200)
        let error = scene.outcome(.failed(Failure(.timeout, "no answer in 32 s"))).first?.stanzaError
        #expect(error?.condition == .remoteServerTimeout)
        #expect(error?.text == "1 of 3 parts were delivered: no answer in 32 s")
        #expect(scene.underWay.isEmpty)
    }

    @Test func `with splitting off the sender is told by how much it is too long`() {
        var scene = Scene { $0.splits = false }
        _ = scene.xmpp(.juliet(Self.words))
        let error = scene.tooLarge(room: 40).first?.stanzaError
        #expect(error?.condition == .policyViolation)
        #expect(error?.type == .modify)
        #expect(error?.text == "message too long for SIP: 1360 > 1300 octets")
    }

    @Test func `a character that fits nowhere cannot be cut`() {
        var scene = Scene()
        _ = scene.xmpp(.juliet("👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦"))
        #expect(scene.tooLarge(room: 0).conditions == [.policyViolation])
    }

    @Test func `a hop that says no room nor does it fit is not believed for ever`() {
        var scene = Scene()
        _ = scene.xmpp(.juliet(Self.words))
        #expect(scene.tooLarge(room: 5_000).conditions == [.internalServerError])
    }

    @Test func `without a word about the room the page's own limit holds`() {
        var scene = Scene()
        _ = scene.xmpp(.juliet(String(repeating: "long ", count: 1_000)))
        let part = scene.tooLarge(room: nil).requests.first
        let size = part?.octets.count ?? 0
        #expect(size > 1_000 && size <= 1_300)
    }

    @Test func `no part begins that could not end in time`() {
        var scene = Scene()
        _ = scene.xmpp(.juliet(Self.words), patience: .seconds(20))
        _ = scene.tooLarge(room: 40)
        _ = scene.wait(.seconds(18))
        #expect(scene.respond(200).requests.first != nil)
        _ = scene.wait(.seconds(1))
        let error = scene.respond(200).first?.stanzaError
        #expect(error?.text == "2 of 3 parts were delivered: there was not enough time")
    }

    @Test func `no room at the edge is passed on, unless something has been delivered`() {
        var scene = Scene()
        _ = scene.xmpp(.juliet(Self.words))
        _ = scene.tooLarge(room: 40)
        let busy = Outcome.busy(retryAfter: .seconds(1))
        #expect(scene.outcome(busy) == [.reply(to: scene.last, busy)])
        _ = scene.xmpp(.juliet(Self.words))
        _ = scene.tooLarge(room: 40)
        _ = scene.respond(200)
        #expect(scene.outcome(busy).conditions == [.resourceConstraint])
    }
}
