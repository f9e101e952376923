import Octets

/// A kind of feedback that a payload type takes: `a=rtcp-fb:96 nack pli`, `a=rtcp-fb:* ccm fir` (RFC 4585 section 4.2).
public struct RTCPFeedback: SDPAttributeValue {
    /// The payload type; nil is all of them.
    public var payloadType: UInt8?
    /// `ack`, `nack`, `ccm`, `trr-int` or another.
    public var kind: String
    /// What stands behind it: `pli`, `fir`, a number.
    public var parameters: String?

    public init(_ payloadType: UInt8?, _ kind: String, _ parameters: String? = nil) {
        self.payloadType = payloadType
        self.kind = kind
        self.parameters = parameters
    }

    public static let attribute = SDPAttributeName.rtcpFeedback

    public init?(parsing text: String) {
        let octets = text.utf8.span
        var cursor = Cursor(octets)
        cursor.skipBlanks(octets)
        if cursor.take(UInt8(ascii: "*"), octets) {
            guard cursor.isAtBreak(octets) else { return nil }
        } else {
            guard let number = cursor.number(0...UInt8(127), octets) else { return nil }
            payloadType = number
        }
        guard let kind = cursor.word(octets) else { return nil }
        self.kind = kind
        parameters = cursor.rest(octets)
    }

    public var description: String {
        let target = payloadType.map { String($0) } ?? "*"
        guard let parameters else { return "\(target) \(kind)" }
        return "\(target) \(kind) \(parameters)"
    }
}
