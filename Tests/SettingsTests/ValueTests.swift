import Settings
import TestKit
import Testing

/// The small values that configuration is made of.
@Suite struct ValueTests {
    @Test(
        arguments: [
            ("192.0.2.1", [192, 0, 2, 1]), ("0.0.0.0", [0, 0, 0, 0]),
            ("255.255.255.255", [255, 255, 255, 255]),
            ("::ffff:192.0.2.1", [192, 0, 2, 1]), ("::FFFF:c000:0201", [192, 0, 2, 1]),
            ("::", Array(repeating: 0, count: 16)), ("::1", Array(repeating: 0, count: 15) + [1]),
            ("2001:db8::", [0x20, 1, 0x0D, 0xB8] + Array(repeating: 0, count: 12)),
            ("1:2:3:4:5:6:7:8", [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8]),
            ("1::8", [0, 1] + Array(repeating: 0, count: 13) + [8]),
            ("64:ff9b::192.0.2.33", [0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0, 192, 0, 2, 33]),
        ] as [(String, [UInt8])]
    )
    func `an address is its octets`(text: String, octets: [UInt8]) {
        #expect(IPAddress(text)?.octets == octets)
    }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.04", "1.2.3.+4", "1.2.3.", "0x1.2.3.4", "a.b.c.d", ":",
        ":::",
        "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "::1%eth0", "[::1]", "::1.2.3",
        "1:2:3:4:5:6:7::8",
        "::+1", "1:", ":1", "1.2.3.4::", "::1.2.3.4:5", "1.2.3.4 ",
    ])
    func `what is no address is refused`(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(arguments: [
        ("127.0.0.0/8", "127.255.0.1", true), ("127.0.0.0/8", "128.0.0.1", false),
        ("10.1.2.3", "10.1.2.3", true),
        ("10.1.2.3", "10.1.2.4", false), ("0.0.0.0/0", "203.0.113.9", true), ("0.0.0.0/0", "::1", false),
        ("192.0.2.128/25", "192.0.2.127", false), ("192.0.2.128/25", "192.0.2.129", true),
        ("192.0.2.129/25", "192.0.2.200", true), ("10.0.0.0/9", "10.127.1.1", true),
        ("10.0.0.0/9", "10.128.1.1", false),
        ("::1/128", "::1", true), ("::1/128", "::2", false), ("2001:db8::/33", "2001:db8:7fff::1", true),
        ("2001:db8::/33", "2001:db8:8000::1", false), ("[2001:db8::]/32", "2001:db8::5", true),
        ("::/0", "fe80::1", true),
        ("127.0.0.0/8", "::ffff:127.0.0.1", true), ("127.0.0.0/8", "nonsense", false),
    ])
    func `a network contains what its bits say`(network: String, address: String, isInside: Bool) throws {
        #expect(try #require(CIDR(network)).contains(address) == isInside)
    }

    @Test(arguments: [
        "/8", "1.2.3.4/", "1.2.3.4/-1", "1.2.3.4/+8", "1.2.3.4/8/8", "1.2.3.4/99999999999999999999", "h/8",
    ])
    func `what is no network is refused`(text: String) {
        #expect(CIDR(text) == nil)
    }

    @Test(arguments: [
        ("udp://0.0.0.0:5060", "udp://0.0.0.0:5060"), ("TLS://Gw.Example", "tls://gw.example:5061"),
        ("tcp://[::1]", "tcp://[::1]:5060"), ("wss://[2001:DB8::1]:443/", "wss://[2001:db8::1]:443"),
        ("xmpp://h", "xmpp://h:5269"), ("xmpps://h", "xmpps://h:5270"), ("msrp://h", "msrp://h:2855"),
        ("msrps://h", "msrps://h:2856"), ("ws://h:0", "ws://h:0"),
    ])
    func `a listening address has a port`(text: String, expected: String) {
        #expect(ListenAddress(text)?.description == expected)
        #expect(ListenAddress(expected)?.description == expected)
    }

    @Test(arguments: [
        ("sip:127.0.0.1:5070;transport=tcp", "sip:127.0.0.1:5070;transport=tcp"),
        ("sips:H.example;lr", "sips:h.example"),
        ("SIP:[::1]", "sip:[::1]"), ("sip:[::1]:5060;transport=UDP;lr", "sip:[::1]:5060;transport=udp"),
    ])
    func `a next hop is a URI without a user`(text: String, expected: String) {
        #expect(NextHop(text)?.description == expected)
    }

    @Test(
        arguments: [
            ("300ms", .milliseconds(300)), ("20s", .seconds(20)), ("10m", .seconds(600)),
            ("1h", .seconds(3600)),
            ("7d", .seconds(604_800)), ("3600", .seconds(3600)), ("0", .zero), ("1_000ms", .seconds(1)),
            ("", nil), ("s", nil), ("1.5s", nil), ("-1s", nil), ("+1s", nil), ("1 s", nil), ("1sec", nil),
            ("٣s", nil), ("_1s", nil),
            ("9223372036854775807h", nil), ("99999999999999999999s", nil),
        ] as [(String, Duration?)]
    )
    func `durations`(text: String, expected: Duration?) {
        #expect(DurationText.read(text) == expected)
    }

    @Test func `a printed duration reads the same`() {
        var generator = SplitMix64(seed: 5)
        for _ in 0..<1000 {
            let duration = Duration.milliseconds(Int64.random(in: 0...10_000_000, using: &generator))
            #expect(DurationText.read(DurationText.write(duration)) == duration)
        }
        #expect(DurationText.write(.seconds(86_400)) == "1d")
        #expect(DurationText.write(.seconds(90)) == "90s")
    }

    @Test(
        arguments: [
            ("65536", 65_536), ("64KiB", 65_536), ("64 KiB", 65_536), ("2GiB", 2_147_483_648),
            ("10MB", 10_000_000), ("1kB", 1000),
            ("12B", 12), ("", nil), ("KiB", nil), ("1KIB", nil), ("-1", nil), ("1.5MiB", nil),
            ("9999999999999GiB", nil),
        ] as [(String, Int?)]
    )
    func `sizes`(text: String, expected: Int?) {
        #expect(ByteCount.read(text) == expected)
    }

    @Test(
        arguments: [
            ("200/s", 200.0), ("6000/m", 100.0), ("6000/min", 100.0), ("3600/h", 1.0), ("200", nil),
            ("/s", nil), ("0/s", nil),
            ("-5/s", nil), ("5/d", nil), ("5/s/s", nil),
        ] as [(String, Double?)]
    )
    func `rates`(text: String, expected: Double?) {
        #expect(Rate(text)?.perSecond == expected)
        if let rate = Rate(text) { #expect(Rate(rate.description) == rate) }
    }

    @Test(
        arguments: [
            ("tcp://127.0.0.1:5550", "tcp://127.0.0.1:5550"), ("tcp://[::1]:5550", "tcp://[::1]:5550"),
            ("ipc:///run/causeway/bus", "ipc:///run/causeway/bus"), ("tcp://h", nil), ("tcp://h:0", nil),
            ("tcp://h:65535", nil),
            ("udp://h:1", nil), ("ipc://" + String(repeating: "x", count: 101), nil),
        ] as [(String, String?)]
    )
    func `bus addresses`(text: String, expected: String?) {
        #expect(BusEndpoint(text)?.description == expected)
    }

    @Test func `no text makes a value trap`() {
        var generator = SplitMix64(seed: 11)
        let alphabet = Array(":/[].;=%?&0123456789abcdefms-+é\u{0}\n ")
        for _ in 0..<1000 {
            let count = Int.random(in: 0...24, using: &generator)
            let text = String((0..<count).map { _ in alphabet.randomElement(using: &generator) ?? " " })
            for scheme in ["", "udp://", "sip:", "tcp://", "sqlite:"] {
                _ = ListenAddress(scheme + text)
                _ = NextHop(scheme + text)
                _ = BusEndpoint(scheme + text)
                _ = StoreAddress(scheme + text)
            }
            _ = (
                CIDR(text), IPAddress(text), HostPort(text), Rate(text), DurationText.read(text),
                ByteCount.read(text)
            )
            _ = fault(environment: ["CAUSEWAY_XMPP_COMPONENTS": text, "CAUSEWAY_XMPP_ROUTES": text])
        }
    }
}
