import SDP
import Testing

@Suite("A medium")
struct MediaTests {
    @Test func `has what its line says`() throws {
        let medium = try Text.medium("m=video 49170/2 RTP/AVP 31 96")
        #expect(medium.media == "video" && medium.port == 49_170 && medium.portCount == 2)
        #expect(medium.proto == "RTP/AVP" && medium.formats == ["31", "96"])
        #expect(medium.isRTP && medium.payloadTypes == [31, 96])
    }

    @Test func `has payload types for RTP alone`() throws {
        let medium = try Text.medium("m=message 7654 TCP/TLS/MSRP *")
        #expect(!medium.isRTP && medium.payloadTypes.isEmpty && medium.formats == ["*"])
        #expect(try Text.medium("m=application 9 UDP/DTLS/SCTP webrtc-datachannel").formats.count == 1)
        #expect(try Text.medium("m=image 4000 udptl t38").formats == ["t38"])
        #expect(try Text.medium("m=video 0 RTP/AVP").formats.isEmpty)
        #expect(try Text.medium("m=video 0 RTP/AVP x").payloadTypes.isEmpty)
        #expect(try Text.medium("m=audio 1 udp/tls/rtp/savpf 0").isRTP)
    }

    @Test func `tells its formats apart`() throws {
        let medium = try Text.medium(
            Examples.rfc4103.split(separator: "\n").dropFirst(5).joined(separator: "\n")
        )
        #expect(medium.rtpMap(of: 98)?.isEncoding("T140") == true)
        #expect(medium.formatParameters(of: "98")?.value("CPS") == "30")
        #expect(medium.formatParameters(of: "100")?.parameters == [FormatParameter("98/98/98")])
        #expect(medium.formatParameters(of: "99") == nil)
    }

    @Test(
        arguments: [
            ("IN IP4 192.0.2.1", .ipv4("192.0.2.1"), nil, nil),
            ("IN IP4 233.252.0.1/127", .ipv4("233.252.0.1"), 127, nil),
            ("IN IP4 233.252.0.1/127/3", .ipv4("233.252.0.1"), 127, 3),
            ("IN IP6 ff00::db8:0:101/3", .ipv6("ff00::db8:0:101"), nil, 3),
            ("IN IP4 host.example", .name("host.example"), nil, nil),
            ("IN IP6 host.example", .name("host.example"), nil, nil),
            ("TN RFC2543 +1-201-406-4090", .other("+1-201-406-4090"), nil, nil),
        ] as [(String, SDPAddress, UInt8?, UInt32?)]
    )
    func `is sent to`(text: String, address: SDPAddress, ttl: UInt8?, count: UInt32?) throws {
        let connection = try #require(SDPConnection(parsing: text))
        #expect(connection.address == address)
        #expect(connection.ttl == ttl && connection.addressCount == count)
        #expect(connection.description == text)
    }

    @Test func `spells addresses in one way`() throws {
        #expect(SDPAddress("2001:DB8:0:0:0:0:0:1") == .ipv6("2001:db8::1"))
        #expect(SDPAddress("::FFFF:192.0.2.1") == .ipv6("::ffff:192.0.2.1"))
        #expect(SDPAddress("Host.Example") == .name("host.example"))
        #expect(SDPAddress("e3b0c442.local") == .name("e3b0c442.local"))
        #expect(SDPAddress("[::1]") == .other("[::1]"))
        #expect(SDPAddress("192.0.2.300") == .other("192.0.2.300"))
        #expect(SDPAddress("") == .other(""))
        #expect(SDPAddress("0.0.0.0").isUnspecified && SDPAddress("::").isUnspecified)
        #expect(SDPAddress("host.invalid").isUnspecified && !SDPAddress("192.0.2.1").isUnspecified)
        var connection = SDPConnection(.ipv4("233.252.0.1"), addressCount: 2)
        #expect(connection.description == "IN IP4 233.252.0.1/127/2")
        connection.address = .other("a b")
        #expect(connection.description == "IN IP4 a_b/127/2")
    }

    @Test func `may be of somebody with a strange origin`() throws {
        let origin = try #require(SDPOrigin(parsing: "Mr. Bob  99999999999999999999999 0 in IP4 pbx_1"))
        #expect(origin.username == "Mr. Bob" && origin.sessionID == "99999999999999999999999")
        #expect(origin.networkType == "IN" && origin.address == .name("pbx_1"))
        #expect(SDPOrigin(parsing: origin.description) == origin)
        #expect(SDPOrigin(parsing: "- 1 999 IN IP4 ???")?.successor.description == "- 1 1000 IN IP4 ???")
        #expect(origin.successor.sessionVersion == "1")
    }

    @Test func `uses so much bandwidth`() throws {
        let medium = try Text.medium("m=video 1 RTP/AVP 31\nb=AS:128\nb=TIAS: 50780")
        #expect(medium.bandwidths.map(\.description) == ["AS:128", "TIAS:50780"])
        #expect(medium.bandwidths[1].type == SDPBandwidth.transportIndependent)
        #expect(SDPBandwidth(parsing: "CT:1")?.value == 1)
    }
}
