import MachineKit
import SIPTransactions
import TestKit
import Testing

struct InviteClientTests {
    typealias Sent = Lab<InviteClient>.Sent

    private func lab(isReliable: Bool = false) -> Lab<InviteClient> {
        Lab(InviteClient(isReliable: isReliable))
    }

    @Test func `repeats over UDP by Timer A and gives up by Timer B`() {
        var lab = lab()
        #expect(lab.play(.start) == [.request])
        let repeats = [0.5, 1.5, 3.5, 7.5, 15.5, 31.5].map { Sent(.seconds($0), .request) }
        #expect(lab.wait(.seconds(100)) == repeats + [Sent(.seconds(32), .failed(.timeout))])
        #expect(lab.subject.isTerminated)
    }

    @Test func `sends once over TCP and gives up by Timer B`() {
        var lab = lab(isReliable: true)
        #expect(lab.play(.start) == [.request])
        #expect(lab.wait(.seconds(100)) == [Sent(.seconds(32), .failed(.timeout))])
    }

    @Test func `repeats no longer after a provisional response, nor gives up`() {
        var lab = lab()
        _ = lab.play(.start)
        #expect(lab.play(.response(100)) == [.response(100)])
        #expect(lab.play(.response(180)) == [.response(180)])
        #expect(lab.wait(.seconds(600)).isEmpty)
        #expect(lab.pendingTimers == 0)
    }

    @Test func `acknowledges each repeat of a refusal until Timer D`() {
        var lab = lab()
        _ = lab.play(.start)
        #expect(lab.play(.response(486)) == [.acknowledge, .response(486)])
        #expect(lab.wait(.milliseconds(31_900)).isEmpty)
        #expect(lab.play(.response(486)) == [.acknowledge])
        #expect(lab.play(.response(180)).isEmpty)
        #expect(lab.wait(.milliseconds(100)).isEmpty)
        #expect(lab.subject.isTerminated)
        #expect(lab.play(.response(486)).isEmpty)
    }

    @Test func `ends at once over TCP with a refusal, acknowledged`() {
        var lab = lab(isReliable: true)
        _ = lab.play(.start)
        _ = lab.play(.response(180))
        #expect(lab.play(.response(603)) == [.acknowledge, .response(603)])
        #expect(lab.subject.isTerminated)
    }

    @Test(arguments: [true, false], [true, false])
    func `gives every 2xx to its user until Timer M and acknowledges none`(isReliable: Bool, hasRung: Bool) {
        var lab = lab(isReliable: isReliable)
        _ = lab.play(.start)
        if hasRung { _ = lab.play(.response(180)) }
        #expect(lab.play(.response(200)) == [.response(200)])
        #expect(lab.wait(.milliseconds(31_900)).isEmpty)
        #expect(lab.play(.response(200)) == [.response(200)])
        #expect(lab.play(.response(486)).isEmpty)
        #expect(lab.wait(.milliseconds(100)).isEmpty)
        #expect(lab.subject.isTerminated)
        #expect(lab.play(.response(200)).isEmpty)
    }

    @Test func `tells that the transport failed`() {
        var lab = lab()
        _ = lab.play(.start)
        #expect(lab.play(.transportFailed) == [.failed(.transport)])
        #expect(lab.subject.isTerminated)
        #expect(lab.pendingTimers == 0)
    }

    @Test func `tells that its ACK could not be sent`() {
        var lab = lab()
        _ = lab.play(.start)
        _ = lab.play(.response(404))
        #expect(lab.play(.transportFailed) == [.failed(.transport)])
        #expect(lab.pendingTimers == 0)
    }
}
