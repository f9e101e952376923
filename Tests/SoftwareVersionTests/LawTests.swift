import BusContract
import MachineKit
import SIPGrammar
import TestKit
import Testing
import TranslatorKit

/// What holds whatever the edges say, and in whatever order.
@Suite("The law of software versions")
struct LawTests {
    @Test(arguments: 0..<100 as Range<UInt64>)
    func `every query gets one reply, and in the end nothing is left`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var scene = Scene()
        var replies: [DeliveryID: Int] = [:]
        var underWay: [UInt64] = []
        let count = 40 as UInt64
        func note(_ actions: [Action], _ number: UInt64) {
            for action in actions {
                switch action {
                case .deliver: underWay.append(number)
                case .reply(to: let id, _): replies[id, default: 0] += 1
                }
            }
        }
        let outcomes: [Outcome] = [
            .response(200, [.server: "Linphone/5.2"]), .response(200), .response(480), .ok(nil),
            .failed(Failure(.timeout, "silence")), .busy(retryAfter: .seconds(1)),
        ]
        for number in 1...count {
            let target = ["romeo@example.net", "romeo@example.net/orchard", "@@"].randomElement(
                using: &random
            )
            note(scene.ask(number, .query(to: target)), number)
            scene.wait(.seconds(Int.random(in: 0...40, using: &random)))
            while let asked = underWay.first, Bool.random(using: &random) {
                underWay.removeFirst()
                note(scene.end(asked, outcomes.randomElement(using: &random) ?? .ok(nil)), asked)
            }
        }
        for asked in underWay { note(scene.end(asked, .response(404)), asked) }
        scene.wait(.seconds(61))
        #expect(replies.count == Int(count))
        #expect(replies.values.allSatisfy { $0 == 1 })
        #expect(scene.isOver && scene.lab.pendingTimers == 0)
    }
}
