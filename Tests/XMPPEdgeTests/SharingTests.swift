import BusContract
import BusTestKit
import MessageBus
import NIOCore
import Testing
import XMPPEdge
import XMPPGrammar
import XMPPTransport

/// Two edges that share the work, and a server that takes one link for their domain at a time.
@Suite(.timeLimit(.minutes(1))) struct SharingTests {
    private static let all = Set<UInt8>(0...255)
    private static let link: Set<UInt8> = [Replica.linkShard]

    private let bus = LocalBus()

    private static func key(where isGood: (UInt8) -> Bool) -> ConversationKey {
        var number = 0
        while !isGood(ConversationKey("\(number)").shard) { number += 1 }
        return ConversationKey("\(number)")
    }

    private static let elsewhere = key { $0 != Replica.linkShard }

    private func bodies(_ count: Int, at server: ScriptedPeer) async -> [String?] {
        var bodies: [String?] = []
        while bodies.count < count, let message = await server.element(where: { $0.name == "message" }) {
            bodies.append(message.first("body")?.text)
        }
        return bodies
    }

    private func replicas(_ port: Int) async throws -> (Replica, Replica) {
        let a = try await Replica.start(
            "a",
            on: bus,
            attachedTo: port,
            owning: Self.all.subtracting(Self.link)
        )
        return (a, try await Replica.start("b", on: bus, attachedTo: port, owning: Self.link))
    }

    @Test func `the owner of the domain's shard attaches, and the other hands over`() async throws {
        let server = ScriptedPeer.componentServer()
        let (a, b) = try await replicas(try await server.listen())
        let im = try await Translator(on: bus)
        let texts = (0..<50).map { "\($0)" }
        #expect(
            try await im.send(texts, key: Self.elsewhere).get() == Array(repeating: .ok(nil), count: 50)
        )
        #expect(await bodies(50, at: server) == texts)
        #expect(await b.isAttached)
        #expect(await !a.isAttached)
        await a.stop()
        await b.stop()
        await server.close()
    }

    @Test func `a shard that moves takes the link along, and nothing is lost or out of order`() async throws {
        let server = ScriptedPeer.componentServer()
        let (a, b) = try await replicas(try await server.listen())
        let im = try await Translator(on: bus)
        let texts = (0..<30).map { "\($0)" }
        #expect(
            try await im.send(Array(texts[..<10]), key: Self.elsewhere).get().allSatisfy { $0 == .ok(nil) }
        )
        try await b.shares.lose(Self.link)
        let rest = im.send(Array(texts[10...]), key: Self.elsewhere)
        try await a.shares.own(Self.link)
        #expect(try await rest.get().allSatisfy { $0 == .ok(nil) })
        #expect(await bodies(30, at: server) == texts)
        #expect(await a.isAttached)
        await a.stop()
        await b.stop()
        await server.close()
    }

    @Test func `the old link stays until the server has the new one`() async throws {
        let server = ScriptedPeer.componentServer()
        let (a, b) = try await replicas(try await server.listen())
        let im = try await Translator(on: bus)
        #expect(try await im.send(["one"], key: Self.elsewhere).get() == [.ok(nil)])
        #expect(await server.element { $0.name == "message" } != nil)
        try await b.shares.lose(Self.link)
        try await a.shares.own(Self.link)
        var isClosed = false
        for await event in server.events {
            if case .stream(.closed) = event { isClosed = true }
            if case .stream(.element(let element)) = event, element.name == "handshake" { break }
        }
        #expect(!isClosed)
        await a.stop()
        await b.stop()
        await server.close()
    }

    @Test func `what was handed over is not sent again when it is asked for directly, nor the reverse`()
        async throws
    {
        let server = ScriptedPeer.componentServer()
        let (a, b) = try await replicas(try await server.listen())
        let (first, second) = (try await Translator(on: bus), try await Translator("im2", on: bus))
        let (one, two) = (DeliveryID(high: 1, low: 1), DeliveryID(high: 1, low: 2))
        #expect(try await first.send("one", key: Self.elsewhere, id: one).get() == .ok(nil))
        try await a.shares.lose([Self.elsewhere.shard])
        try await b.shares.own([Self.elsewhere.shard])
        #expect(try await second.send("one", key: Self.elsewhere, id: one).get() == .ok(nil))
        #expect(try await first.send("two", key: Self.elsewhere, id: two).get() == .ok(nil))
        try await b.shares.lose([Self.elsewhere.shard])
        try await a.shares.own([Self.elsewhere.shard])
        #expect(try await second.send("two", key: Self.elsewhere, id: two).get() == .ok(nil))
        #expect(try await first.send(["three"], key: Self.elsewhere).get() == [.ok(nil)])
        #expect(await bodies(3, at: server) == ["one", "two", "three"])
        await a.stop()
        await b.stop()
        await server.close()
    }

    @Test(arguments: [
        (key { $0 == Replica.linkShard }, false), (elsewhere, false), (elsewhere, true),
    ])
    func `what waits for a link that another makes goes by that one`(
        _ key: ConversationKey,
        _ isOwnersToo: Bool
    ) async throws {
        // The first attempt is in vain, and the second is far enough away.
        let server = ScriptedPeer.componentServer(refusing: 1)
        let (a, b) = try await replicas(try await server.listen())
        if isOwnersToo {
            try await a.shares.lose([key.shard])
            try await b.shares.own([key.shard])
        }
        let im = try await Translator(on: bus)
        let outcome = im.send(["Hark"], key: key)
        for await event in server.events {
            if case .disconnected = event { break }
        }
        try await b.shares.lose(Self.link)
        try await a.shares.own(Self.link)
        #expect(try await outcome.get() == [.ok(nil)])
        #expect(await bodies(1, at: server) == ["Hark"])
        await a.stop()
        await b.stop()
        await server.close()
    }

    @Test func `the failure of what came by a link that is gone is told over the new one`() async throws {
        let server = ScriptedPeer.componentServer()
        let (a, b) = try await replicas(try await server.listen())
        let im = try await Translator(on: bus, answer: nil)
        #expect(try await im.send(["Hark"], key: Self.elsewhere).get() == [.ok(nil)])
        var message = Element("message", Namespace.client)
        (message["from"], message["to"]) = ("juliet@capulet.example", "romeo@plays.example")
        try await server.say(message)
        _ = await im.arrivals.first { _ in true }
        try await b.shares.lose(Self.link)
        try await a.shares.own(Self.link)
        try await im.release(.failed(Failure(.timeout, "romeo sleeps")))
        let reply = try #require(await server.element { $0["type"] == "error" })
        #expect(StanzaError(reply)?.text == "romeo sleeps")
        await a.stop()
        await b.stop()
        await server.close()
    }

    @Test func `who has lost its leases without knowing does nothing more`() async throws {
        let server = ScriptedPeer.componentServer()
        let (a, b) = try await replicas(try await server.listen())
        let im = try await Translator(on: bus)
        #expect(try await im.send(["one"], key: Self.elsewhere).get() == [.ok(nil)])
        try await a.shares.expire()
        let outcome = im.send(["two"], key: Self.elsewhere)
        try await b.shares.own([Self.elsewhere.shard])
        #expect(try await outcome.get() == [.ok(nil)])
        #expect(try await im.send(["three"], key: Self.elsewhere).get() == [.ok(nil)])
        #expect(await bodies(3, at: server) == ["one", "two", "three"])
        await a.stop()
        await b.stop()
        await server.close()
    }

    @Test func `an edge that ends refuses nothing, and another attaches`() async throws {
        var last = Element("message", Namespace.client)
        (last["from"], last["to"], last["id"]) = ("juliet@capulet.example", "romeo@plays.example", "last")
        let server = ScriptedPeer.componentServer(lastWords: [last])
        let (a, b) = try await replicas(try await server.listen())
        let im = try await Translator(on: bus)
        #expect(try await im.send(["one"], key: Self.elsewhere).get() == [.ok(nil)])
        await b.stop()
        #expect(await im.arrivals.first { _ in true }?.stanza["id"] == "last")
        try await a.shares.own(Self.link)
        #expect(try await im.send(["two"], key: Self.elsewhere).get() == [.ok(nil)])
        #expect(await bodies(2, at: server) == ["one", "two"])
        await a.stop()
        await server.close()
    }
}
