import MachineKit
import TestKit
import Testing
import XMPPStreams

@Suite struct PeerCertificateTests {
    @Test(arguments: [
        (["montague.example"], "montague.example", true), (["MONTAGUE.example"], "Montague.Example", true),
        (["*.montague.example"], "chat.montague.example", true),
        (["*.montague.example"], "montague.example", false),
        (["*.montague.example"], "a.b.montague.example", false), (["*"], "montague.example", false),
        (["*.example"], ".example", false), ([], "montague.example", false),
        (["xn--bcher-kva.example"], "bücher.example", true), (["x*.example"], "xy.example", false),
    ])
    func `names are matched as RFC 6125 says`(_ names: [String], _ domain: String, _ matches: Bool) {
        #expect(PeerCertificate(isTrusted: true, names: names).proves(domain) == matches)
        #expect(!PeerCertificate(isTrusted: false, names: names).proves(domain))
    }
}

@Suite struct BackoffTests {
    @Test(arguments: 0..<20)
    func `waits double up to the longest, and none is the same for all`(_ seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var backoff = Backoff(first: .seconds(1), longest: .seconds(30))
        for step in [1, 2, 4, 8, 16, 30, 30, 30] {
            let wait = backoff.next(using: &generator)
            #expect(wait >= .seconds(step) / 2 && wait <= .seconds(step))
        }
        for _ in 0..<100 { #expect(backoff.next(using: &generator) <= .seconds(30)) }
        backoff.reset()
        #expect(backoff.next(using: &generator) <= .seconds(1))
    }
}

@Suite struct ServedDomainsTests {
    @Test(arguments: [
        ("sip.example", "anywhere.example", true), ("other.example", "anywhere.example", false),
        ("other.example", "wonder.example", true),
    ])
    func `ours are open to all, guests may go anywhere`(_ local: String, _ remote: String, _ accepts: Bool) {
        let served = ServedDomains(local: ["sip.example"], guests: ["wonder.example"])
        #expect(served.accepts(DomainPair(local: local, remote: remote)) == accepts)
    }
}

@Suite struct ASCIIDomainTests {
    @Test(arguments: [
        ("Example.COM", "example.com"), ("bücher.example", "xn--bcher-kva.example"), ("", ""),
        ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
    ])
    func `labels become A-labels`(_ domain: String, _ expected: String) {
        #expect(ASCIIDomain.of(domain) == expected)
    }
}
