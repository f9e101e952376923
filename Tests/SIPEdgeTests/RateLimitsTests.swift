import MachineKit
import SIPEdge
import SIPGrammar
import SIPTransport
import Testing

struct RateLimitsTests {
    private func decide(_ limits: inout RateLimits, _ text: String, at now: Duration) -> RateLimits.Decision {
        guard let address = IPAddress(text) else { preconditionFailure("no address: \(text)") }
        return limits.decide(address, at: .start + now)
    }

    /// How many of so many requests get through.
    private func count(_ limits: inout RateLimits, _ text: String, _ requests: Int, at now: Duration) -> Int {
        (0..<requests).count { _ in decide(&limits, text, at: now) == .admit }
    }

    @Test func `lets a second's worth through at once and then as time passes`() {
        var limits = RateLimits(perAddress: 10, perUser: nil)
        let moments: [(Int64, Int)] = [(0, 10), (99, 0), (100, 1), (101, 0), (350, 2), (3_600_000, 10)]
        for (milliseconds, expected) in moments {
            let admitted = count(&limits, "192.0.2.1", 15, at: .milliseconds(milliseconds))
            #expect(admitted == expected, "after \(milliseconds) ms")
        }
        let other = count(&limits, "192.0.2.2", 15, at: .seconds(3_600))
        #expect(other == 10)
    }

    @Test func `says so to one in ten of what it refuses, and to one a second at least`() {
        for (perSecond, words) in [(100, 10), (200, 20), (5, 1), (1, 1)] {
            var limits = RateLimits(perAddress: perSecond, perUser: nil)
            let decisions = (0..<1_000).map { _ in decide(&limits, "192.0.2.1", at: .zero) }
            #expect(decisions.count { $0 == .admit } == perSecond)
            #expect(decisions.count { $0 == .refuse } == words)
            #expect(decisions.last == .drop)
            let later = (0..<1_000).map { _ in decide(&limits, "192.0.2.1", at: .seconds(1)) }
            #expect(later.count { $0 == .refuse } == words)
        }
    }

    @Test func `counts an IPv6 network as one`() {
        var limits = RateLimits(perAddress: 1, perUser: nil)
        let admitted = ["2001:db8::1", "2001:db8::2", "2001:db8:0:1::2"].map {
            count(&limits, $0, 1, at: .zero)
        }
        #expect(admitted == [1, 0, 1])
    }

    @Test func `remembers no more addresses than it may`() {
        var limits = RateLimits(perAddress: 5, perUser: nil, capacity: 100)
        var admitted = 0
        for number in 0..<10_000 as Range<UInt32>
        where limits.decide(IPAddress(ipv4: number), at: .start) == .admit {
            admitted += 1
        }
        #expect(limits.count == (100, 0))
        // A hundred have buckets of their own; all others together share one.
        #expect(admitted == 105)
        let later = limits.decide(IPAddress(ipv4: 20_000), at: .start + .seconds(1))
        #expect(later == .admit)
        #expect(limits.count == (1, 0))
    }

    @Test func `tells users apart as URIs do, and without a limit nobody`() throws {
        var limits = RateLimits(perAddress: nil, perUser: 1)
        let users = [
            ("sip:romeo@sip.example", true), ("sip:r%6fmeo@SIP.example:5070;x=y", false),
            ("sip:Romeo@sip.example", true), ("sip:romeo@other.example", true), ("sip:sip.example", true),
        ]
        for (text, expected) in users {
            let uri = try #require(SIPURI(text))
            #expect((limits.decide(uri, at: .start) == .admit) == expected, "\(text)")
        }
        #expect(count(&limits, "192.0.2.1", 1_000, at: .zero) == 1_000)
        var open = RateLimits(perAddress: 1, perUser: nil)
        let romeo = try #require(SIPURI("sip:romeo@sip.example"))
        for _ in 0..<100 { #expect(open.decide(romeo, at: .start) == .admit) }
    }
}

struct FairSharesTests {
    private func address(_ number: UInt32) -> IPAddress { IPAddress(ipv4: number) }

    @Test func `while there is room nobody is asked`() {
        var shares = FairShares(ease: 10)
        for _ in 0..<9 {
            #expect(shares.admits(address(1)))
            shares.begin(address(1))
        }
        #expect(shares.admits(address(1)) && shares.admits(address(2)))
    }

    @Test func `one alone may have all, two half each`() {
        var shares = FairShares(ease: 10)
        for _ in 0..<100 {
            #expect(shares.admits(address(1)))
            shares.begin(address(1))
        }
        #expect(shares.admits(address(2)))
        shares.begin(address(2))
        #expect(!shares.admits(address(1)))
        #expect(shares.admits(address(2)))
        for _ in 0..<60 { shares.end(address(1)) }
        for _ in 0..<38 { shares.begin(address(2)) }
        #expect(shares.peers == 2)
        // Forty against thirty-nine, and then as many.
        #expect(!shares.admits(address(1)) && shares.admits(address(2)))
        shares.begin(address(2))
        #expect(shares.admits(address(1)) && shares.admits(address(2)))
        for _ in 0..<50 { shares.end(address(1)) }
        #expect(shares.peers == 1)
        #expect(shares.admits(address(2)))
    }

    @Test func `who has nothing under way is always served`() {
        var shares = FairShares(ease: 10)
        for number in 0..<50 as Range<UInt32> {
            #expect(shares.admits(address(number)))
            for _ in 0..<20 { shares.begin(address(number)) }
        }
    }
}
