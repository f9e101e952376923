import MachineKit
import SIPTransactions
import TestKit
import Testing

struct InviteServerTests {
    typealias Sent = Lab<InviteServer>.Sent

    private func lab(isReliable: Bool = false) -> Lab<InviteServer> {
        Lab(InviteServer(isReliable: isReliable))
    }

    @Test func `says 100 after 200 ms and again for each repeat`() {
        var lab = lab()
        #expect(lab.play(.request) == [.pass])
        #expect(lab.play(.request).isEmpty)
        #expect(lab.wait(.seconds(300)) == [Sent(.milliseconds(200), .trying)])
        #expect(lab.play(.request) == [.repeat])
    }

    @Test func `says no 100 to one who was answered in time`() {
        var lab = lab()
        _ = lab.play(.request)
        #expect(lab.play(.respond(180)) == [.response])
        #expect(lab.play(.respond(183)) == [.response])
        #expect(lab.play(.request) == [.repeat])
        #expect(lab.wait(.seconds(300)).isEmpty)
    }

    @Test func `repeats a refusal over UDP by Timer G and gives up by Timer H`() {
        var lab = lab()
        _ = lab.play(.request)
        #expect(lab.play(.respond(486)) == [.response])
        let moments: [Double] = [0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]
        let repeats = moments.map { Sent(.seconds($0), .repeat) }
        #expect(lab.wait(.seconds(60)) == repeats + [Sent(.seconds(32), .failed(.timeout))])
        #expect(lab.subject.isTerminated)
    }

    @Test func `says a refusal once over TCP and gives up by Timer H`() {
        var lab = lab(isReliable: true)
        _ = lab.play(.request)
        _ = lab.play(.respond(404))
        #expect(lab.play(.request) == [.repeat])
        #expect(lab.wait(.seconds(60)) == [Sent(.seconds(32), .failed(.timeout))])
    }

    @Test func `absorbs ACKs of a refusal until Timer I`() {
        var lab = lab()
        _ = lab.play(.request)
        _ = lab.play(.respond(405))
        #expect(lab.play(.ack).isEmpty)
        #expect(lab.wait(.milliseconds(4_900)).isEmpty)
        #expect(lab.play(.ack).isEmpty)
        #expect(lab.play(.request).isEmpty)
        #expect(lab.wait(.milliseconds(100)).isEmpty)
        #expect(lab.subject.isTerminated)
    }

    @Test func `ends at once over TCP with the ACK of a refusal`() {
        var lab = lab(isReliable: true)
        _ = lab.play(.request)
        _ = lab.play(.respond(405))
        #expect(lab.play(.ack).isEmpty)
        #expect(lab.subject.isTerminated)
        #expect(lab.pendingTimers == 0)
    }

    /// RFC 6026 section 7.1.
    @Test(arguments: [true, false])
    func `stays accepted until Timer L and passes ACKs`(isReliable: Bool) {
        var lab = lab(isReliable: isReliable)
        _ = lab.play(.request)
        #expect(lab.play(.respond(200)) == [.response])
        #expect(lab.wait(.milliseconds(31_900)).isEmpty)
        #expect(lab.play(.request).isEmpty)
        #expect(lab.play(.respond(200)) == [.response])
        #expect(lab.play(.respond(486)).isEmpty)
        #expect(lab.play(.ack) == [.passAcknowledgement])
        #expect(lab.play(.ack) == [.passAcknowledgement])
        #expect(lab.play(.transportFailed) == [.failed(.transport)])
        #expect(!lab.subject.isTerminated)
        #expect(lab.wait(.milliseconds(100)).isEmpty)
        #expect(lab.subject.isTerminated)
    }

    /// RFC 6026 section 7.1: "MUST NOT discard transaction state based only on … transport error".
    @Test func `keeps its state when the transport fails`() {
        var lab = lab()
        _ = lab.play(.request)
        #expect(lab.play(.transportFailed) == [.failed(.transport)])
        #expect(lab.play(.request).isEmpty)
        _ = lab.play(.respond(500))
        #expect(lab.play(.transportFailed) == [.failed(.transport)])
        #expect(lab.play(.request) == [.repeat])
    }

    @Test func `ignores an ACK before any final response`() {
        var lab = lab()
        _ = lab.play(.request)
        #expect(lab.play(.ack).isEmpty)
        #expect(lab.play(.respond(486)) == [.response])
    }
}
