import Octets

/// A URI where SIP allows any (RFC 3261 section 25.1 `Request-URI`, `addr-spec`): in a request line or an address.
public enum SIPRequestURI: Hashable, Sendable, CustomStringConvertible {
    case sip(SIPURI)
    case tel(TelURI)
    /// Of another scheme, which is in small letters; `rest` is what follows its colon.
    case other(scheme: String, rest: String)

    /// Reads a whole text; nil if it is not a well-formed URI.
    public init?(_ text: String) {
        guard let uri = try? SIPRequestURI.parse(text) else { return nil }
        self = uri
    }

    /// The scheme in small letters.
    public var scheme: String {
        switch self {
        case .sip(let uri): uri.scheme.rawValue
        case .tel: "tel"
        case .other(let scheme, rest: _): scheme
        }
    }

    /// The URI, if it is one of SIP's own schemes.
    public var sip: SIPURI? {
        guard case .sip(let uri) = self else { return nil }
        return uri
    }

    /// Whether two URIs are the same by the rules of their scheme.
    public func isEquivalent(to other: SIPRequestURI) -> Bool {
        switch (self, other) {
        case (.sip(let one), .sip(let two)): one.isEquivalent(to: two)
        case (.tel(let one), .tel(let two)): one.isEquivalent(to: two)
        case (.other(let one, let rest), .other(let two, let remainder)): one == two && rest == remainder
        case (.sip, _), (.tel, _), (.other, _): false
        }
    }

    public var description: String {
        var octets: [UInt8] = []
        write(into: &octets)
        return String(decoding: octets, as: UTF8.self)
    }

    public func write(into octets: inout [UInt8]) {
        switch self {
        case .sip(let uri): uri.write(into: &octets)
        case .tel(let uri): uri.write(into: &octets)
        case .other(let scheme, let rest):
            octets.append(contentsOf: scheme.utf8.filter { Self.schemeCharacters.contains($0) })
            octets.append(UInt8(ascii: ":"))
            Grammar.write(rest, keeping: Grammar.absoluteURI, into: &octets)
        }
    }

    /// Reads a whole text.
    public static func parse(_ text: String) throws(SIPSyntaxError) -> SIPRequestURI {
        let octets = text.utf8.span
        return try parse(octets, 0..<octets.count)
    }

    private static let schemeCharacters = OctetSet.alphanumeric.union(OctetSet("+-."))

    /// Reads a URI that takes a whole range; every fault is one of ``SIPSyntaxError/Reason/uri``.
    static func parse(_ octets: Span<UInt8>, _ range: Range<Int>) throws(SIPSyntaxError) -> SIPRequestURI {
        do throws(SIPSyntaxError) {
            return try parseParts(octets, range)
        } catch {
            throw SIPSyntaxError(.uri, offset: error.offset)
        }
    }

    private static func parseParts(
        _ octets: Span<UInt8>,
        _ range: Range<Int>
    ) throws(SIPSyntaxError) -> SIPRequestURI {
        var scanner = Scanner(range)
        let name = try scanner.run(schemeCharacters, octets)
        try scanner.expect(UInt8(ascii: ":"), octets)
        guard ASCII.isAlpha(octets[name.lowerBound]) else {
            throw SIPSyntaxError(.uri, offset: name.lowerBound)
        }
        let scheme = ASCII.lowercased(String(repairing: octets.extracting(name)))
        if let scheme = SIPURI.Scheme(rawValue: scheme) {
            return .sip(try SIPURI.parse(scheme, octets, &scanner))
        }
        if scheme == "tel" { return .tel(try TelURI.parse(octets, &scanner)) }
        let rest = try scanner.escapedText(Grammar.absoluteURI, octets)
        guard scanner.isAtEnd else { throw scanner.failure() }
        return .other(scheme: scheme, rest: rest)
    }
}
