import SIPGrammar
import Testing

@Suite("A Via value")
struct SIPViaTests {
    private func via(_ text: String) throws -> SIPVia { try ([.via: text] as SIPHeaders).topVia() }

    @Test(arguments: [
        "SIP/2.0/UDP pc33.atlanta.example:5060;branch=z9hG4bK776asdhds;rport",
        "SIP/2.0/TCP [2001:db8::9:1]:6050;branch=z9hG4bKas3-111;received=192.0.2.200",
        "SIP/2.0/UNKNOWN t4.example.com",
        "SIP/7.0/UDP c.example.com;branch=z9hG4bK-.!%66*_+`'~",
        "SIP/2.0/UDP 192.0.2.1;ttl=16;maddr=224.2.0.1;branch=z9hG4bKa7c6a8dlze.1",
        "SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK56sdasks;alias",
    ])
    func `prints as it was read`(text: String) throws {
        #expect(try via(text).description == text)
    }

    @Test func `may have white space nearly everywhere`() throws {
        let via = try via("SIP  / 2.0  / tcp     Spindle.example.com : 5070  ;  branch  =   z9hG4bK9ikj8")
        #expect(via.description == "SIP/2.0/TCP spindle.example.com:5070;branch=z9hG4bK9ikj8")
        #expect(via.transport == "TCP")
        #expect(via.hasUniqueBranch)
    }

    @Test func `takes down where the request came from`() throws {
        var via = try via("SIP/2.0/UDP pc33.atlanta.example;rport;branch=z9hG4bK77")
        #expect(via.hasRport && via.rport == nil && via.received == nil)
        via.rport = 1024
        via.received = "192.0.2.1"
        #expect(
            via.description
                == "SIP/2.0/UDP pc33.atlanta.example;rport=1024;branch=z9hG4bK77;received=192.0.2.1"
        )
        #expect(via.rport == 1024)
        via.received = nil
        via.rport = nil
        #expect(via.description == "SIP/2.0/UDP pc33.atlanta.example;rport;branch=z9hG4bK77")
        let bracketed = try self.via(
            "SIP/2.0/UDP [2001:db8::9:1];received=[2001:db8::9:255];maddr=[::1];ttl=7"
        )
        #expect(bracketed.received == "2001:db8::9:255")
        #expect(bracketed.maddr == "::1")
        #expect(bracketed.ttl == 7)
    }

    @Test(arguments: [("z9hG4bK", false), ("z9hG4bKx", true), ("390skdjuw", false), ("Z9HG4BKX", false)])
    func `knows who follows RFC 3261 by the branch`(branch: String, isUnique: Bool) throws {
        #expect(try via("SIP/2.0/UDP h;branch=\(branch)").hasUniqueBranch == isUnique)
        #expect(try !via("SIP/2.0/UDP h").hasUniqueBranch)
    }

    @Test func `stands in one of several lines or behind a comma`() throws {
        let headers: SIPHeaders = [
            .via: "SIP/2.0/UDP a;branch=1 , SIP/2.0/TCP b", .subject: "x", .via: "SIP/2.0/TLS c;x=\"y,z\"",
        ]
        #expect(try headers.topVia().host == .name("a"))
        #expect(try headers.vias().map(\.transport) == ["UDP", "TCP", "TLS"])
    }

    @Test(arguments: [
        "", "SIP/2.0 h", "SIP/2.0/UDP", "SIP/2.0/UDP ", "SIP/2.0/UDPh", "SIP/2.0/UDP h:", "SIP/2.0/UDP h:x",
        "SIP/2.0/UDP h:65536", "SIP/2.0/UDP h;", "SIP/2.0/UDP h;;a", "SIP/2.0/UDP h;branch=",
        "SIP/2.0/UDP h i",
        "SIP/2.0/UDP h;a=b c", "SIP/2.0/UDP ::1", "SIP/2.0/UDP h;branch=\u{FFFD}", "/2.0/UDP h",
        "SIP/2.0/UDP h,",
        "SIP/2.0/UDP 192.0.2.15;;,;,,", "SIP/2.0/UDP h;x=\"",
    ])
    func `is refused where it is not well-formed`(text: String) {
        let headers: SIPHeaders = [.via: text]
        let error = #expect(throws: SIPSyntaxError.self) {
            _ = try headers.vias()
            _ = try headers.topVia()
        }
        #expect(error?.header == .via)
    }
}
