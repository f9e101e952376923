import Octets

/// A media type (RFC 3261 section 20.15, RFC 2045 section 5.1): `text/plain;charset=utf-8`.
public struct SIPMediaType: Hashable, Sendable, CustomStringConvertible {
    /// In small letters, as is ``subtype``.
    public var type: String
    public var subtype: String
    public var parameters: SIPParameters

    public init(_ type: String, _ subtype: String, parameters: SIPParameters = SIPParameters()) {
        self.type = ASCII.lowercased(type)
        self.subtype = ASCII.lowercased(subtype)
        self.parameters = parameters
    }

    /// Reads a whole text; nil if it is not a media type.
    public init?(_ text: String) {
        let octets = text.utf8.span
        var scanner = Scanner(octets)
        guard let type = try? SIPMediaType.parse(octets, &scanner) else { return nil }
        scanner.skipBlanks(octets)
        guard scanner.isAtEnd else { return nil }
        self = type
    }

    /// `text/plain`: the type without its parameters.
    public var essence: String { "\(type)/\(subtype)" }

    /// The value of a parameter as text, unquoted.
    public func parameter(_ name: String) -> String? { parameters.text(name) }

    public var description: String {
        var octets = Array("\(Grammar.token(of: type))/\(Grammar.token(of: subtype))".utf8)
        parameters.write(into: &octets)
        return String(decoding: octets, as: UTF8.self)
    }

    static func parse(_ octets: Span<UInt8>, _ scanner: inout Scanner) throws(SIPSyntaxError) -> SIPMediaType
    {
        scanner.skipBlanks(octets)
        let type = try scanner.text(Grammar.token, octets)
        guard scanner.takeSeparator(UInt8(ascii: "/"), octets) else { throw scanner.failure() }
        let subtype = try scanner.text(Grammar.token, octets)
        return SIPMediaType(type, subtype, parameters: try SIPParameters.parse(octets, &scanner))
    }
}
