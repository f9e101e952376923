import Octets

/// A value with parameters, the commonest form of header field: Accept, Event, Reason, Content-Disposition.
///
/// `SIP ;cause=200 ;text="Call completed elsewhere"`, `<http://example.com/ring.wav>;appearance=1`
public struct SIPValue: Hashable, Sendable, CustomStringConvertible {
    /// A token, a URI in its brackets or a quoted string, as it stands on the wire.
    public var text: String
    public var parameters: SIPParameters

    public init(_ text: String, parameters: SIPParameters = SIPParameters()) {
        self.text = text
        self.parameters = parameters
    }

    public var description: String {
        var octets = Array(text.utf8)
        parameters.write(into: &octets)
        return String(decoding: octets, as: UTF8.self)
    }

    static func parse(_ octets: Span<UInt8>, _ scanner: inout Scanner) throws(SIPSyntaxError) -> SIPValue {
        scanner.skipBlanks(octets)
        let start = scanner.at
        switch scanner.peek(octets) {
        case ASCII.quote: _ = try scanner.quotedString(octets)
        case UInt8(ascii: "<"):
            scanner.skip(inBrackets, octets)
            try scanner.expect(UInt8(ascii: ">"), octets)
        default: _ = try scanner.run(Grammar.value, octets)
        }
        let text = String(repairing: octets.extracting(start..<scanner.at))
        return SIPValue(text, parameters: try SIPParameters.parse(octets, &scanner))
    }

    private static let inBrackets = Grammar.absoluteURI.union(OctetSet("<"))
}
