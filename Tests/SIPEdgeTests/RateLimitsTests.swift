import MachineKit
import SIPEdge
import SIPTransport
import Testing

struct RateLimitsTests {
    private let one = IPAddress("192.0.2.1") ?? IPAddress(ipv4: 0)
    private let other = IPAddress("192.0.2.2") ?? IPAddress(ipv4: 0)

    @Test func `lets a second's worth through at once and then as time passes`() {
        var limits = RateLimits(perSecond: 10)
        var now = Moment.start
        let first = (0..<15).filter { _ in limits.admits(one, at: now) }.count
        #expect(first == 10)
        #expect(limits.admits(other, at: now))
        now = now + .milliseconds(99)
        #expect(!limits.admits(one, at: now))
        now = now + .milliseconds(1)
        #expect(limits.admits(one, at: now))
        #expect(!limits.admits(one, at: now))
        now = now + .seconds(3_600)
        #expect((0..<15).filter { _ in limits.admits(one, at: now) }.count == 10)
    }

    @Test func `counts an IPv6 network as one`() throws {
        var limits = RateLimits(perSecond: 1)
        #expect(limits.admits(try #require(IPAddress("2001:db8::1")), at: .start))
        #expect(!limits.admits(try #require(IPAddress("2001:db8::2")), at: .start))
        #expect(limits.admits(try #require(IPAddress("2001:db8:0:1::2")), at: .start))
    }

    @Test func `remembers no more addresses than it may`() {
        var limits = RateLimits(perSecond: 5, capacity: 100)
        let admitted = (0..<10_000).filter { limits.admits(IPAddress(ipv4: UInt32($0)), at: .start) }.count
        #expect(limits.count == 100)
        // A hundred have buckets of their own; all others together share one.
        #expect(admitted == 105)
        #expect(limits.admits(IPAddress(ipv4: 20_000), at: .start + .seconds(1)))
        #expect(limits.count == 1)
    }
}
