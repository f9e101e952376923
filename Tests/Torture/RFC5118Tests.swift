import SIPGrammar
import Testing

/// What RFC 5118 says about the values in its messages.
@Suite("RFC 5118")
struct RFC5118Tests {
    private func host(_ name: String) throws -> SIPURI? { try TortureFile.request("rfc5118/\(name)").uri.sip }

    @Test func `4.1 to 4.4 addresses and ports`() throws {
        #expect(try host("ipv6-good")?.host == .ipv6("2001:db8::10"))
        #expect(try host("port-ambiguous")?.host == .ipv6("2001:db8::10:5070"))
        #expect(try host("port-ambiguous")?.port == nil)
        #expect(try host("port-unambiguous")?.host == .ipv6("2001:db8::10"))
        #expect(try host("port-unambiguous")?.port == 5070)
    }

    @Test(arguments: ["via-received-param-with-delim", "via-received-param-no-delim"])
    func `4.5 received with and without brackets`(name: String) throws {
        let via = try TortureFile.request("rfc5118/\(name)").headers.topVia()
        #expect(via.host == .ipv6("2001:db8::9:1"))
        #expect(via.received == "2001:db8::9:255")
    }

    @Test func `4.7 both families in Via`() throws {
        let vias = try TortureFile.request("rfc5118/mult-ip-in-header").headers.vias()
        #expect(vias.map(\.host) == [.ipv6("2001:db8::9:1"), .ipv4("192.0.2.1"), .ipv6("2001:db8::9:255")])
        #expect(vias.map(\.port) == [6050, nil, nil])
    }

    @Test func `4.9 mapped addresses`() throws {
        let request = try TortureFile.request("rfc5118/ipv4-mapped-ipv6")
        #expect(
            try request.headers.vias().map(\.host) == [.ipv6("::ffff:192.0.2.10"), .ipv6("::ffff:192.0.2.2")]
        )
        #expect(try request.headers.contacts().first?.uri.description == "sip:ted@[::ffff:192.0.2.2]")
    }

    @Test func `4.10 three colons are two`() throws {
        let three = try #require(try host("ipv6-bug-abnf-3-colons"))
        let two = try #require(try host("ipv6-correct-abnf-2-colons"))
        #expect(three == two)
        #expect(three.description == "sip:user@[2001:db8::c000:201]")
    }
}
