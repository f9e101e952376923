import BusContract
import Foundation
import MachineKit
import MessageBus

/// The bus and the translators alone: this process is both edges at once, asks `im` about SIP messages that came in, and
/// takes the stanzas that come of them.
///
/// It keeps the contract of the bus and does nothing beyond it: what it sends is written beforehand, and of what it hears
/// it reads what it must. Each conversation has one message under way.
enum TranslatorsAlone {
    /// Measures for some seconds against the broker at an endpoint; says `begin` and `end` on lines of their own, then
    /// as JSON how many messages came through.
    ///
    /// - Throws: when an answer is not `ok`, or comes before its stanza, or is missing at the end.
    static func measure(broker: String, conversations: Int, seconds: Int) throws {
        guard let endpoint = BusEndpoint(broker) else { throw BusError(.badAddress, broker) }
        var edges = try PlayedEdges(endpoint, conversations: conversations)
        try edges.play(for: 3)
        let before = edges.counts
        say("begin")
        let took = try ContinuousClock().measure { try edges.play(for: seconds) }
        say("end")
        let after = edges.counts
        try edges.finish()
        say(
            """
            {"completed": \(after.completed - before.completed), "seconds": \(took / .seconds(1)), \
            "repeated": \(after.repeated - before.repeated), \
            "parcels_in": \(after.parcelsIn - before.parcelsIn), \
            "parcels_out": \(after.parcelsOut - before.parcelsOut)}
            """
        )
    }

    private static func say(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }
}
