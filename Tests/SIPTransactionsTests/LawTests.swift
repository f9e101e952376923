import MachineKit
import SIPTransactions
import TestKit
import Testing

/// What holds for every transaction whatever happens to it, over seeded random histories.
struct LawTests {
    private static let statuses = [100, 180, 200, 202, 299, 300, 408, 486, 503, 603, 699]
    private static let seeds: Range<UInt64> = 0..<200

    /// Plays a random history; says what was sent, and what was sent after the end.
    private func history<Subject: Machine>(
        _ subject: Subject,
        _ inputs: [Subject.Input],
        _ dice: inout SplitMix64,
        isOver: (Subject) -> Bool
    ) -> (sent: [Subject.Output], afterTheEnd: Int, pending: Int) {
        var lab = Lab(subject)
        var sent: [Subject.Output] = []
        var afterTheEnd = 0
        for _ in 0..<60 {
            let wasOver = isOver(lab.subject)
            var outputs: [Subject.Output]
            if Int.random(in: 0..<3, using: &dice) == 0 {
                outputs = lab.wait(.milliseconds(Int64.random(in: 0...9_000, using: &dice))).map(\.output)
            } else {
                outputs = lab.play(inputs[Int.random(in: 0..<inputs.count, using: &dice)])
            }
            if wasOver { afterTheEnd += outputs.count }
            sent += outputs
        }
        _ = lab.wait(.seconds(3_600))
        return (sent, afterTheEnd, lab.pendingTimers)
    }

    @Test(arguments: seeds, [true, false])
    func `a client of other requests has one outcome and is silent after the end`(
        seed: UInt64,
        isReliable: Bool
    ) {
        var dice = SplitMix64(seed: seed)
        let inputs =
            Self.statuses.map { NonInviteClient.Input.response($0) } + [.start, .start, .transportFailed]
        let (sent, afterTheEnd, pending) = history(
            NonInviteClient(isReliable: isReliable),
            inputs,
            &dice,
            isOver: \.isTerminated
        )
        let outcomes = sent.filter { output in
            switch output {
            case .request: false
            case .response(let status): status >= 200
            case .failed: true
            }
        }
        #expect(outcomes.count <= 1, "seed \(seed)")
        #expect(afterTheEnd == 0, "seed \(seed)")
        #expect(pending == 0, "seed \(seed)")
    }

    @Test(arguments: seeds, [true, false])
    func `a client of INVITE acknowledges nothing but refusals and is silent after the end`(
        seed: UInt64,
        isReliable: Bool
    ) {
        var dice = SplitMix64(seed: seed)
        let inputs =
            Self.statuses.map { InviteClient.Input.response($0) } + [.start, .start, .transportFailed]
        let (sent, afterTheEnd, pending) = history(
            InviteClient(isReliable: isReliable),
            inputs,
            &dice,
            isOver: \.isTerminated
        )
        let refusals = sent.filter { if case .response(300...) = $0 { true } else { false } }
        #expect(refusals.count <= 1, "seed \(seed)")
        #expect(sent.contains(.acknowledge) == !refusals.isEmpty, "seed \(seed)")
        #expect(afterTheEnd == 0, "seed \(seed)")
        #expect(pending == 0, "seed \(seed)")
    }

    @Test(arguments: seeds, [true, false])
    func `a server of other requests answers once, passes once and is silent after the end`(
        seed: UInt64,
        isReliable: Bool
    ) {
        var dice = SplitMix64(seed: seed)
        let answers = Self.statuses.filter { $0 >= 200 }.map { NonInviteServer.Input.respond($0) }
        let (sent, afterTheEnd, pending) = history(
            NonInviteServer(isReliable: isReliable),
            answers + [.request, .request, .request, .transportFailed],
            &dice,
            isOver: \.isTerminated
        )
        #expect(sent.filter { $0 == .pass }.count <= 1, "seed \(seed)")
        #expect(sent.filter { $0 == .response }.count <= 1, "seed \(seed)")
        #expect(sent.filter { $0 == .trying }.count <= 1, "seed \(seed)")
        #expect(afterTheEnd == 0, "seed \(seed)")
        #expect(pending == 0, "seed \(seed)")
    }

    @Test(arguments: seeds, [true, false])
    func `a server of INVITE passes it once and is silent after the end`(seed: UInt64, isReliable: Bool) {
        var dice = SplitMix64(seed: seed)
        let answers = Self.statuses.map { InviteServer.Input.respond($0) }
        let (sent, afterTheEnd, pending) = history(
            InviteServer(isReliable: isReliable),
            answers + [.request, .request, .ack, .transportFailed],
            &dice,
            isOver: \.isTerminated
        )
        #expect(sent.filter { $0 == .pass }.count <= 1, "seed \(seed)")
        #expect(sent.filter { $0 == .failed(.timeout) }.count <= 1, "seed \(seed)")
        #expect(afterTheEnd == 0, "seed \(seed)")
        #expect(pending == 0, "seed \(seed)")
    }
}
