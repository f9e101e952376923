import Octets

/// One key of a `crypto` attribute: `inline:PS1uQCVe…|2^20|1:4` (RFC 4568 section 9.1 `key-param`).
public struct CryptoKey: Hashable, Sendable, CustomStringConvertible {
    /// `inline`, the only method that there is.
    public var method: String
    /// What the method needs, as it came.
    public var information: String

    public init(method: String, information: String) {
        self.method = method
        self.information = information
    }

    init?(_ octets: Span<UInt8>, _ cursor: inout Cursor) {
        guard let method = cursor.text(CryptoAttribute.name, octets), cursor.take(UInt8(ascii: ":"), octets),
            let information = cursor.text(CryptoKey.visible, octets)
        else { return nil }
        self.init(method: method, information: information)
    }

    public var description: String { "\(method):\(information)" }

    private static let visible = OctetSet.visible.subtracting(OctetSet(";"))
}
