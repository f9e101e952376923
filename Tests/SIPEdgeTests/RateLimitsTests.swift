import MachineKit
import SIPEdge
import SIPTransport
import Testing

struct RateLimitsTests {
    /// How many of so many requests get through.
    private func count(_ limits: inout RateLimits, _ text: String, _ requests: Int, at now: Duration) -> Int {
        guard let address = IPAddress(text) else { return -1 }
        var admitted = 0
        for _ in 0..<requests where limits.admits(address, at: .start + now) { admitted += 1 }
        return admitted
    }

    @Test func `lets a second's worth through at once and then as time passes`() {
        var limits = RateLimits(perSecond: 10)
        let moments: [(Int64, Int)] = [(0, 10), (99, 0), (100, 1), (101, 0), (350, 2), (3_600_000, 10)]
        for (milliseconds, expected) in moments {
            let admitted = count(&limits, "192.0.2.1", 15, at: .milliseconds(milliseconds))
            #expect(admitted == expected, "after \(milliseconds) ms")
        }
        let other = count(&limits, "192.0.2.2", 15, at: .seconds(3_600))
        #expect(other == 10)
    }

    @Test func `counts an IPv6 network as one`() {
        var limits = RateLimits(perSecond: 1)
        let admitted = ["2001:db8::1", "2001:db8::2", "2001:db8:0:1::2"].map {
            count(&limits, $0, 1, at: .zero)
        }
        #expect(admitted == [1, 0, 1])
    }

    @Test func `remembers no more addresses than it may`() {
        var limits = RateLimits(perSecond: 5, capacity: 100)
        var admitted = 0
        for number in 0..<10_000 as Range<UInt32> where limits.admits(IPAddress(ipv4: number), at: .start) {
            admitted += 1
        }
        #expect(limits.count == 100)
        // A hundred have buckets of their own; all others together share one.
        #expect(admitted == 105)
        let later = limits.admits(IPAddress(ipv4: 20_000), at: .start + .seconds(1))
        #expect(later)
        #expect(limits.count == 1)
    }
}
