import Octets

/// Where RTCP goes, if not to the port above RTP's: `a=rtcp:53020 IN IP4 126.16.64.4` (RFC 3605).
public struct RTCPAddress: SDPAttributeValue {
    public var port: UInt16
    /// The address; nil is the medium's.
    public var connection: SDPConnection?

    public init(port: UInt16, connection: SDPConnection? = nil) {
        self.port = port
        self.connection = connection
    }

    public static let attribute = SDPAttributeName.rtcp

    public init?(parsing text: String) {
        let octets = text.utf8.span
        var cursor = Cursor(octets)
        guard let port = cursor.number(0...UInt16.max, octets) else { return nil }
        self.init(port: port)
        guard !cursor.isFinished(octets) else { return }
        guard let connection = SDPConnection(octets, cursor.at..<cursor.end) else { return nil }
        self.connection = connection
    }

    public var description: String {
        guard let connection else { return "\(port)" }
        return "\(port) \(connection)"
    }
}
