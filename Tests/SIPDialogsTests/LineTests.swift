import SIPDialogs
import Testing

/// What holds for two sessions that talk with each other, whatever their owners and the network do.
struct LineTests {
    @Test(arguments: 0..<800)
    func `both ends come to the same`(seed: UInt64) throws {
        var line = Line(seed: seed)
        line.run(for: 60, hangsUp: false)
        if let bob = line.parties[.bob], bob.end == nil { #expect(bob.isEstablished, "seed \(seed)") }
        #expect(line.faults == [], "seed \(seed)")
        let alice = try #require(line.parties[.alice])
        let bob = try #require(line.parties[.bob])
        #expect(
            (alice.end == nil) == (bob.end == nil),
            "seed \(seed): \(alice.end as Any), \(bob.end as Any)"
        )
        if alice.end == nil {
            #expect(alice.isEstablished && bob.isEstablished, "seed \(seed)")
            #expect(alice.session.isSettled && bob.session.isSettled, "seed \(seed)")
            #expect(alice.session.localDescription == bob.session.peerDescription, "seed \(seed)")
            #expect(alice.session.peerDescription == bob.session.localDescription, "seed \(seed)")
        }
    }

    @Test(arguments: 2000..<2800)
    func `who hangs up ends it for both`(seed: UInt64) throws {
        var line = Line(seed: seed)
        line.run(for: 60, hangsUp: true)
        #expect(line.faults == [], "seed \(seed)")
        for (end, party) in line.parties {
            #expect(party.end != nil || party.session.dialogs.isEmpty, "seed \(seed): \(end)")
            if party.end != nil { #expect(party.session.isOver, "seed \(seed): \(end)") }
        }
    }

    @Test(arguments: 0..<300)
    func `without loss a quiet call is agreed on`(seed: UInt64) throws {
        var line = Line(seed: seed, loss: 0)
        line.run(for: 60, hangsUp: false)
        #expect(line.faults == [], "seed \(seed)")
    }

    @Test(arguments: 0..<20)
    func `a network that loses all of it ends the call`(seed: UInt64) throws {
        var line = Line(seed: seed, loss: 100)
        line.run(for: 60, hangsUp: true)
        #expect(line.faults == [], "seed \(seed)")
    }
}
