import MachineKit
import SIPTransactions
import TestKit
import Testing

struct NonInviteClientTests {
    typealias Sent = Lab<NonInviteClient>.Sent

    private func lab(
        isReliable: Bool = false,
        _ timing: TransactionTiming = TransactionTiming()
    ) -> Lab<NonInviteClient> {
        Lab(NonInviteClient(isReliable: isReliable, timing: timing))
    }

    @Test func `repeats over UDP by Timer E and gives up by Timer F`() {
        var lab = lab()
        #expect(lab.play(.start) == [.request])
        let moments: [Double] = [0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]
        let repeats = moments.map { Sent(.seconds($0), .request) }
        #expect(lab.wait(.seconds(60)) == repeats + [Sent(.seconds(32), .failed(.timeout))])
        #expect(lab.subject.isTerminated)
        #expect(lab.pendingTimers == 0)
    }

    @Test func `sends once over TCP and gives up by Timer F`() {
        var lab = lab(isReliable: true)
        #expect(lab.play(.start) == [.request])
        #expect(lab.wait(.seconds(60)) == [Sent(.seconds(32), .failed(.timeout))])
    }

    @Test func `repeats every T2 after a provisional response`() {
        var lab = lab()
        _ = lab.play(.start)
        #expect(lab.wait(.seconds(1)) == [Sent(.seconds(0.5), .request)])
        #expect(lab.play(.response(100)) == [.response(100)])
        // The Timer E that runs is not moved; from then on it is T2.
        #expect(lab.wait(.seconds(10)) == [1.5, 5.5, 9.5].map { Sent(.seconds($0), .request) })
        #expect(lab.play(.response(100)) == [.response(100)])
        #expect(lab.play(.response(200)) == [.response(200)])
        #expect(lab.wait(.seconds(60)).isEmpty)
    }

    @Test func `gives up by Timer F in spite of a provisional response`() {
        var lab = lab(isReliable: true)
        _ = lab.play(.start)
        _ = lab.play(.response(100))
        #expect(lab.wait(.seconds(60)) == [Sent(.seconds(32), .failed(.timeout))])
    }

    @Test(arguments: [200, 202, 300, 404, 503, 603])
    func `absorbs a final response sent again until Timer K`(status: Int) {
        var lab = lab()
        _ = lab.play(.start)
        #expect(lab.play(.response(status)) == [.response(status)])
        #expect(lab.subject.isCompleted)
        #expect(lab.wait(.milliseconds(4_900)).isEmpty)
        #expect(lab.play(.response(status)).isEmpty)
        #expect(lab.ignored == ["a final response sent again"])
        #expect(!lab.subject.isTerminated)
        #expect(lab.wait(.milliseconds(100)).isEmpty)
        #expect(lab.subject.isTerminated)
    }

    @Test func `ends at once over TCP with a final response`() {
        var lab = lab(isReliable: true)
        _ = lab.play(.start)
        #expect(lab.play(.response(202)) == [.response(202)])
        #expect(lab.subject.isTerminated)
        #expect(lab.pendingTimers == 0)
    }

    @Test(arguments: [true, false])
    func `tells that the transport failed and is silent afterwards`(isReliable: Bool) {
        var lab = lab(isReliable: isReliable)
        _ = lab.play(.start)
        #expect(lab.play(.transportFailed) == [.failed(.transport)])
        #expect(lab.pendingTimers == 0)
        #expect(lab.play(.response(200)).isEmpty)
        #expect(lab.wait(.seconds(60)).isEmpty)
    }

    @Test func `scales with T1`() {
        var lab = lab(isReliable: false, TransactionTiming(t1: .milliseconds(100), t2: .milliseconds(400)))
        _ = lab.play(.start)
        let sent = lab.wait(.seconds(2))
        #expect(sent.prefix(4) == [100, 300, 700, 1_100].map { Sent(.milliseconds($0), .request) }[...])
        #expect(lab.wait(.seconds(5)).last == Sent(.milliseconds(6_400), .failed(.timeout)))
    }

    @Test func `ignores what comes before the request`() {
        var lab = lab()
        #expect(lab.play(.response(200)).isEmpty)
        #expect(lab.play(.transportFailed).isEmpty)
        #expect(lab.ignored.count == 2)
        #expect(lab.play(.start) == [.request])
        #expect(lab.play(.start).isEmpty)
    }
}
