import SDP
import Testing

/// Each type of value: what it reads and prints, and what it is not.
@Suite("A value")
struct ValueTableTests {
    /// A spelling of a type's value; `printed` where it prints otherwise.
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var text: String
        /// The text that comes out of printing; nil if the text is no such value.
        var printed: String?
        var read: @Sendable (String) -> String?

        init<Value: SDPAttributeValue>(_ type: Value.Type, _ text: String, _ printed: String?) {
            name = type.attribute.text
            self.text = text
            self.printed = printed
            read = { Value(parsing: $0)?.description }
        }

        var testDescription: String { "\(name):\(text)" }
    }

    private static func good<Value: SDPAttributeValue>(_ type: Value.Type, _ texts: String...) -> [Row] {
        texts.map { Row(type, $0, $0) }
    }

    private static func bad<Value: SDPAttributeValue>(_ type: Value.Type, _ texts: String...) -> [Row] {
        texts.map { Row(type, $0, nil) }
    }

    private static let media: [Row] = [
        good(RTPMap.self, "0 PCMU/8000", "97 L16/8000/2", "127 t140/1000", "99 h263-1998/90000"),
        [Row(RTPMap.self, " 0  PCMU/8000/ ", "0 PCMU/8000"), Row(RTPMap.self, "000 a/1", "0 a/1")],
        bad(RTPMap.self, "", "0", "0 PCMU", "0 PCMU/", "0 /8000", "128 X/1", "-1 X/1", "0 X/0", "0 X/1 y"),
        bad(RTPMap.self, "0 X/4294967296", "x X/1", "0 X/1/2 3"),
        good(
            FormatParameters.self,
            "101 0-15,66,70",
            "96 profile-level-id=42e01f;packetization-mode=1",
            "t38 a"
        ),
        [Row(FormatParameters.self, "96   a=b; c ", "96 a=b; c")],
        bad(FormatParameters.self, "", "96", "96 "),
        good(RTCPAddress.self, "53020", "53020 IN IP4 126.16.64.4", "53020 IN IP6 2001:db8::1", "0"),
        bad(RTCPAddress.self, "", "65536", "1 IN", "1 IN IP4 ::1", "x"),
        good(RTCPFeedback.self, "* ccm fir", "96 nack", "96 nack pli", "* trr-int 100", "0 x y z"),
        bad(RTCPFeedback.self, "", "*", "**  x", "128 nack", "96", "*x nack"),
        good(HeaderExtension.self, "1 URI-toffset", "4906/recvonly urn:x short", "255/inactive u"),
        [Row(HeaderExtension.self, "3/SENDRECV u  a  b ", "3/sendrecv u a  b")],
        bad(HeaderExtension.self, "", "0 u", "65536 u", "1", "1/ u", "1/x u", "1x u"),
        good(SourceAttribute.self, "314159 cname:user@example.com", "1 x", "4294967295 fmtp:96 a=b"),
        [Row(SourceAttribute.self, "1 x:", "1 x:")],
        bad(SourceAttribute.self, "", "1", "4294967296 x", "1 x y", "1 :x"),
        good(SourceGroup.self, "FID 1 2", "FEC-FR 1", "FID"),
        bad(SourceGroup.self, "", "FID x", "FID 4294967296", "a:b 1"),
        good(MediaGroup.self, "BUNDLE audio video", "LS 1 2", "BUNDLE"),
        bad(MediaGroup.self, "", "a/b c"),
    ].flatMap { $0 }

    private static let connections: [Row] = [
        [Row(Fingerprint.self, "SHA-1 4A:ad", "sha-1 4A:AD"), Row(Fingerprint.self, " x  00 ", "x 00")],
        bad(
            Fingerprint.self,
            "",
            "sha-1",
            "sha-1 4",
            "sha-1 4A:",
            "sha-1 4A4B",
            "sha-1 4A:4G",
            "sha-1 4A 4B"
        ),
        good(SetupRole.self, "active", "passive", "actpass", "holdconn"),
        [Row(SetupRole.self, " ActPass ", "actpass")],
        bad(SetupRole.self, "", "x", "active passive"),
        good(ConnectionReuse.self, "new", "existing"),
        bad(ConnectionReuse.self, "", "old"),
        good(CryptoAttribute.self, "1 A inline:x", "1 A inline:x;y:z KDR=1 UNENCRYPTED_SRTCP"),
        [Row(CryptoAttribute.self, "001  A\tinline:x ", "1 A inline:x")],
        bad(
            CryptoAttribute.self,
            "",
            "1",
            "1 A",
            "1 A inline",
            "1 A inline:",
            "1 A-B inline:x",
            "1 A inline:x;"
        ),
        bad(CryptoAttribute.self, "1000000000 A inline:x", "x A inline:x"),
        good(ICECandidate.self, "1 1 UDP 2130706431 203.0.113.141 8998 typ host"),
        good(ICECandidate.self, "a+/ 256 TCP 1 ::1 9 typ relay raddr 192.0.2.1 rport 9 tcptype passive x"),
        [Row(ICECandidate.self, "1 1 udp 1 A.local 0 TYP Host", "1 1 UDP 1 a.local 0 typ host")],
        bad(ICECandidate.self, "", "1 1 UDP 1 h 1 typ", "1 1 UDP 1 h 1 host", "1 0 UDP 1 h 1 typ host"),
        bad(
            ICECandidate.self,
            "1 257 UDP 1 h 1 typ host",
            "1 1 UDP 0 h 1 typ host",
            "1 1 UDP 1 h 65536 typ host"
        ),
        bad(ICECandidate.self, "1 1 UDP 2147483648 h 1 typ host", "é 1 UDP 1 h 1 typ host"),
        bad(ICECandidate.self, "\(String(repeating: "x", count: 33)) 1 UDP 1 h 1 typ host"),
        bad(
            ICECandidate.self,
            "1 1 UDP 1 1.2.3 1 typ host",
            "1 1 UDP 1 h 1 typ host raddr",
            "1 1 UDP 1 h 1 typhost x"
        ),
        bad(ICECandidate.self, "1 1 UDP 1 h 1 typ host raddr h rport x"),
        good(RemoteCandidates.self, "1 192.0.2.3 45664", "1 192.0.2.3 45664 2 ::1 45665"),
        bad(RemoteCandidates.self, "", "1", "1 h", "1 h 1 2", "0 h 1"),
    ].flatMap { $0 }

    private static let sessions: [Row] = [
        good(MSRPPath.self, "msrp://a:1/x;tcp", "msrps://r:9000/y;tcp msrps://a:1/x;tcp"),
        bad(MSRPPath.self, "", " "),
        good(FileSelector.self, "", "size:0", "name:\"a b\"", "hash:sha-1:00 hash:sha-256:01:02"),
        good(FileSelector.self, "type:text/plain;charset=\"a b\" size:18446744073709551615"),
        [Row(FileSelector.self, " SIZE:1  NAME:\"x%41\" ", "name:\"xA\" size:1")],
        bad(
            FileSelector.self,
            "x",
            "size:",
            "size:x",
            "size:1x",
            "size:1 size:2",
            "name:x",
            "name:\"x",
            "name:\"%\""
        ),
        bad(
            FileSelector.self,
            "type:",
            "type:a\"b",
            "hash:",
            "hash:sha-1",
            "hash:sha-1:0",
            "size:18446744073709551616"
        ),
        bad(FileSelector.self, "name:\"a\"size:1"),
        good(FileDates.self, "creation:\"x\" modification:\"y\" read:\"\""),
        bad(
            FileDates.self,
            "",
            "x:\"y\"",
            "creation:x",
            "creation:\"x\" creation:\"y\"",
            "read:\"x",
            "read:\"x\"y"
        ),
        good(FileRange.self, "1-*", "1-1", "5-18446744073709551615"),
        bad(FileRange.self, "", "0-1", "2-1", "1", "1-", "*-1", "1-*x", "1-18446744073709551616"),
    ].flatMap { $0 }

    @Test(arguments: media + connections + sessions)
    func `is what the table says`(row: Row) {
        #expect(row.read(row.text) == row.printed)
        guard let printed = row.printed else { return }
        #expect(row.read(printed) == printed)
    }
}
