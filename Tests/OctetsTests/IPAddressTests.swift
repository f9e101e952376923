import Octets
import Testing

@Suite("An IP address")
struct IPAddressTests {
    // A span cannot be an argument inside an expectation.
    private func ipv4(_ text: String) -> IPv4Address? { IPv4Address(text.utf8.span) }

    private func ipv6(_ text: String) -> IPv6Address? { IPv6Address(text.utf8.span) }

    @Test(
        arguments: [
            ("0.0.0.0", 0), ("192.0.2.1", 0xC000_0201), ("255.255.255.255", 0xFFFF_FFFF),
            ("010.1.02.3", 0x0A01_0203),
        ] as [(String, UInt32)]
    )
    func `of version 4 has 32 bits`(text: String, bits: UInt32) {
        #expect(ipv4(text)?.bits == bits)
    }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1..2.3", "1.2.3.", ".1.2.3", "1.2.3.0004", "a.b.c.d",
    ])
    func `of version 4 is nothing else`(text: String) {
        #expect(ipv4(text) == nil)
    }

    @Test(arguments: [
        ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("2001:DB8::0:1", "2001:db8::1"),
        ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("1:0:0:4:0:0:0:8", "1:0:0:4::8"),
        ("1:0:3:4:5:6:7:8", "1:0:3:4:5:6:7:8"),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.1"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
    ])
    func `of version 6 has one spelling`(text: String, canonical: String) throws {
        let address = try #require(ipv6(text))
        #expect(address.text == canonical)
        #expect(ipv6(canonical) == address)
    }

    @Test(arguments: [
        "", ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "::g",
        "1:2:3:4:5:6:7::8",
        ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:", "[::1]", "::1%eth0", "::1.2.3", "1.2.3.4::",
    ])
    func `of version 6 is nothing else`(text: String) {
        #expect(ipv6(text) == nil)
    }
}
