import Octets

/// The value of Session-Expires: how long a session lasts without a refresh, and who refreshes it (RFC 4028 section 4).
///
/// `1800;refresher=uac`
public struct SIPSessionExpires: Hashable, Sendable, CustomStringConvertible {
    /// The end of the transaction that carries the value, not of the call: who sends the request is `uac`.
    public enum Refresher: String, Hashable, Sendable, Codable {
        case uac
        case uas
    }

    public var seconds: UInt32
    public var refresher: Refresher?

    public init(_ seconds: UInt32, refresher: Refresher? = nil) {
        self.seconds = seconds
        self.refresher = refresher
    }

    public var description: String {
        guard let refresher else { return "\(seconds)" }
        return "\(seconds);refresher=\(refresher.rawValue)"
    }

    /// Reads a value; a refresher that is neither side is none.
    init?(_ value: SIPValue) {
        guard let seconds = ASCII.decimal(value.text.utf8.span, limit: UInt64(UInt32.max)) else { return nil }
        let refresher = value.parameters.text("refresher").map { ASCII.lowercased($0) }
        self.init(UInt32(seconds), refresher: refresher.flatMap { Refresher(rawValue: $0) })
    }
}
