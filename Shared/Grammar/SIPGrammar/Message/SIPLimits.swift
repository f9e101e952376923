/// How much of a message the parser takes, so that nobody decides but us how much memory a message costs.
///
/// The defaults let through all legitimate traffic known to us: RFC 4475's `longreq` has 34 Via fields and values of
/// 600 octets, and a signed Identity field (RFC 8224) takes some 2,000.
public struct SIPLimits: Hashable, Sendable {
    /// Octets of a whole message; 65,536 holds the largest datagram.
    public var message: Int
    /// Header fields, counted before values of one line are told apart.
    public var fields: Int
    /// Octets of one header field, its folded lines included.
    public var line: Int

    public init(message: Int = 65_536, fields: Int = 256, line: Int = 16_384) {
        self.message = message
        self.fields = fields
        self.line = line
    }

    public static let standard = SIPLimits()

    /// For what was parsed once and printed again: repaired octets take more room, and Content-Length may have been added.
    public static let reprinted = SIPLimits(message: 262_144, fields: 264, line: 65_536)
}
