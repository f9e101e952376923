import Octets

/// How much bandwidth a session or medium is to use: `b=AS:128`, `b=TIAS:50780` (RFC 8866 section 5.8, RFC 3890).
public struct SDPBandwidth: Hashable, Sendable, CustomStringConvertible {
    /// ``applicationSpecific``, ``transportIndependent`` or another, in the spelling that came.
    public var type: String
    /// Kilobits a second; for `TIAS`, `RS` and `RR` bits a second.
    public var value: UInt64

    /// The whole conference, in kilobits a second.
    public static let conferenceTotal = "CT"
    /// One application with its headers, in kilobits a second.
    public static let applicationSpecific = "AS"
    /// Without the headers of lower layers, in bits a second (RFC 3890).
    public static let transportIndependent = "TIAS"
    /// RTCP of those who send, in bits a second (RFC 3556).
    public static let rtcpSenders = "RS"
    /// RTCP of those who only receive, in bits a second (RFC 3556).
    public static let rtcpReceivers = "RR"

    public init(_ type: String, _ value: UInt64) {
        self.type = type
        self.value = value
    }

    /// Reads what stands behind `b=`.
    public init?(parsing text: String) {
        let octets = text.utf8.span
        self.init(octets, 0..<octets.count)
    }

    init?(_ octets: Span<UInt8>, _ range: Range<Int>) {
        var cursor = Cursor(range)
        cursor.skipBlanks(octets)
        guard let type = cursor.text(SDPGrammar.token, octets), cursor.take(UInt8(ascii: ":"), octets),
            let value = cursor.number(0...UInt64.max, octets), cursor.isFinished(octets)
        else { return nil }
        self.type = type
        self.value = value
    }

    public var description: String { "\(type):\(value)" }
}
