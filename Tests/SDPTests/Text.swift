import SDP

/// Descriptions as tests write them: lines without their CR.
enum Text {
    static func octets(_ lines: String) -> [UInt8] {
        var octets: [UInt8] = []
        for octet in lines.utf8 {
            if octet == UInt8(ascii: "\n") { octets.append(UInt8(ascii: "\r")) }
            octets.append(octet)
        }
        if octets.last != UInt8(ascii: "\n") { octets += Array("\r\n".utf8) }
        return octets
    }

    static func parse(_ lines: String) throws(SDPSyntaxError) -> SessionDescription {
        try SessionDescription.parse(octets(lines))
    }

    /// A description with some lines of a session.
    static func session(_ lines: String) throws(SDPSyntaxError) -> SessionDescription {
        try parse("v=0\no=- 1 1 IN IP4 192.0.2.1\ns=-\nt=0 0\n\(lines)")
    }

    /// The one medium of a description that begins with the given lines.
    static func medium(_ lines: String) throws(SDPSyntaxError) -> MediaDescription {
        try session(lines).media[0]
    }
}
