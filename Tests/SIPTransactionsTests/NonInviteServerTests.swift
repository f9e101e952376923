import MachineKit
import SIPTransactions
import TestKit
import Testing

struct NonInviteServerTests {
    typealias Sent = Lab<NonInviteServer>.Sent

    private func lab(isReliable: Bool = false) -> Lab<NonInviteServer> {
        Lab(NonInviteServer(isReliable: isReliable))
    }

    @Test func `passes the request once and absorbs its repeats`() {
        var lab = lab()
        #expect(lab.play(.request) == [.pass])
        #expect(lab.play(.request).isEmpty)
        #expect(lab.ignored == ["a request repeated before its answer"])
    }

    @Test func `answers repeats with the final response until Timer J`() {
        var lab = lab()
        _ = lab.play(.request)
        #expect(lab.play(.respond(202)) == [.response])
        #expect(lab.wait(.milliseconds(31_900)).isEmpty)
        #expect(lab.play(.request) == [.repeat])
        #expect(lab.play(.respond(500)).isEmpty)
        #expect(lab.wait(.milliseconds(100)).isEmpty)
        #expect(lab.subject.isTerminated)
        #expect(lab.play(.request).isEmpty)
    }

    @Test func `ends at once over TCP with its final response`() {
        var lab = lab(isReliable: true)
        _ = lab.play(.request)
        #expect(lab.play(.respond(404)) == [.response])
        #expect(lab.subject.isTerminated)
        #expect(lab.pendingTimers == 0)
    }

    /// RFC 4320 section 4.1: "MUST respond … with a Status-Code of 100 if it has not otherwise responded after the
    /// amount of time it takes a client transaction's Timer E to be reset to T2", whatever the transport.
    @Test(arguments: [true, false])
    func `says 100 by itself when Timer E of the client reaches T2`(isReliable: Bool) {
        var lab = lab(isReliable: isReliable)
        _ = lab.play(.request)
        #expect(lab.wait(.seconds(10)) == [Sent(.seconds(3.5), .trying)])
        #expect(lab.play(.request) == [.repeat])
        #expect(lab.play(.respond(200)) == [.response])
    }

    @Test func `says no 100 over UDP before Timer E of the client reaches T2`() {
        var lab = lab()
        _ = lab.play(.request)
        _ = lab.wait(.milliseconds(3_400))
        #expect(lab.play(.respond(100)).isEmpty)
        #expect(lab.play(.request).isEmpty)
        #expect(lab.wait(.seconds(1)) == [Sent(.seconds(3.5), .trying)])
        #expect(lab.play(.respond(100)) == [.response])
    }

    @Test func `says 100 over TCP whenever asked to`() {
        var lab = lab(isReliable: true)
        _ = lab.play(.request)
        #expect(lab.play(.respond(100)) == [.response])
        #expect(lab.wait(.seconds(10)).isEmpty)
    }

    @Test(arguments: [101, 180, 183, 199])
    func `says no other provisional response`(status: Int) {
        var lab = lab(isReliable: true)
        _ = lab.play(.request)
        #expect(lab.play(.respond(status)).isEmpty)
        _ = lab.play(.respond(100))
        #expect(lab.play(.respond(status)).isEmpty)
        #expect(lab.play(.respond(200)) == [.response])
    }

    /// RFC 4320 section 4.2.
    @Test(arguments: [true, false])
    func `never says 408`(isReliable: Bool) {
        var lab = lab(isReliable: isReliable)
        _ = lab.play(.request)
        #expect(lab.play(.respond(408)).isEmpty)
        #expect(lab.play(.request).isEmpty)
        #expect(lab.play(.respond(200)).isEmpty)
        #expect(lab.wait(.seconds(32)).isEmpty)
        #expect(lab.subject.isTerminated)
    }

    @Test(arguments: [true, false])
    func `says nothing once the client has given up`(isReliable: Bool) {
        var lab = lab(isReliable: isReliable)
        _ = lab.play(.request)
        #expect(
            lab.wait(.seconds(40)) == [Sent(.seconds(3.5), .trying), Sent(.seconds(32), .failed(.timeout))]
        )
        #expect(lab.play(.respond(200)).isEmpty)
    }

    @Test func `tells that the transport failed`() {
        var lab = lab()
        _ = lab.play(.request)
        #expect(lab.play(.transportFailed) == [.failed(.transport)])
        #expect(lab.subject.isTerminated)
        #expect(lab.pendingTimers == 0)
    }

    @Test func `needs 3,5 s until Timer E reaches T2`() {
        #expect(TransactionTiming().untilTimerEReachesT2 == .seconds(3.5))
        #expect(TransactionTiming(t1: .seconds(4)).untilTimerEReachesT2 == .zero)
        #expect(TransactionTiming(t1: .zero).untilTimerEReachesT2 == .zero)
    }
}
