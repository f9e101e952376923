import Octets

/// An address as From, To, Contact, Route and their kin have it (RFC 3261 section 20.10):
/// `"Bob" <sip:bob@biloxi.example>;tag=a48s`.
///
/// Printed, the URI is always in angle brackets, so that its parameters cannot be taken for the header field's.
public struct SIPNameAddress: Hashable, Sendable, CustomStringConvertible {
    /// The display name as text, without quotes and escapes; nil if there is none or an empty one.
    public var displayName: String?
    public var uri: SIPRequestURI
    /// The header field's parameters, those behind the brackets.
    public var parameters: SIPParameters

    public init(displayName: String? = nil, uri: SIPRequestURI, parameters: SIPParameters = SIPParameters()) {
        self.displayName = displayName
        self.uri = uri
        self.parameters = parameters
    }

    public init(displayName: String? = nil, _ uri: SIPURI, parameters: SIPParameters = SIPParameters()) {
        self.init(displayName: displayName, uri: .sip(uri), parameters: parameters)
    }

    /// Reads a whole text; nil if it is not one address.
    public init?(_ text: String) {
        let octets = text.utf8.span
        var scanner = Scanner(octets)
        guard let address = try? SIPNameAddress.parse(octets, &scanner) else { return nil }
        scanner.skipBlanks(octets)
        guard scanner.isAtEnd else { return nil }
        self = address
    }

    /// The end of a dialog that this address stands for (RFC 3261 section 19.3).
    public var tag: String? {
        get { parameters.value("tag") }
        set {
            guard let newValue else { return parameters.remove("tag") }
            parameters.set("tag", newValue)
        }
    }

    public var description: String {
        var octets: [UInt8] = []
        write(into: &octets)
        return String(decoding: octets, as: UTF8.self)
    }

    public func write(into octets: inout [UInt8]) {
        if let displayName, !displayName.isEmpty {
            Quoting.write(displayName, into: &octets)
            octets.append(ASCII.space)
        }
        octets.append(UInt8(ascii: "<"))
        uri.write(into: &octets)
        octets.append(UInt8(ascii: ">"))
        parameters.write(into: &octets)
    }

    static func parse(
        _ octets: Span<UInt8>,
        _ scanner: inout Scanner
    ) throws(SIPSyntaxError) -> SIPNameAddress {
        scanner.skipBlanks(octets)
        var name: String?
        var isBracketed = true
        if scanner.peek(octets) == ASCII.quote {
            let range = try scanner.quotedString(octets)
            name = Quoting.text(of: octets, range)
            scanner.skipBlanks(octets)
        } else {
            (name, isBracketed) = bareName(octets, &scanner)
        }
        let uri = isBracketed ? try bracketedURI(octets, &scanner) : try bareURI(octets, &scanner)
        let parameters = try SIPParameters.parse(octets, &scanner)
        return SIPNameAddress(
            displayName: name?.isEmpty == true ? nil : name,
            uri: uri,
            parameters: parameters
        )
    }

    /// A display name without quotes, if a `<` follows; else nothing is stepped over.
    private static func bareName(
        _ octets: Span<UInt8>,
        _ scanner: inout Scanner
    ) -> (name: String?, isBracketed: Bool) {
        let start = scanner.at
        var end = start
        while let octet = scanner.peek(octets), octet != UInt8(ascii: "<") {
            if Grammar.bareName.contains(octet) {
                end = scanner.at + 1
            } else if !ASCII.isBlank(octet) {
                break
            }
            scanner.at += 1
        }
        guard scanner.peek(octets) == UInt8(ascii: "<") else {
            scanner.at = start
            return (nil, false)
        }
        return (String(repairing: octets.extracting(start..<end)), true)
    }

    /// `LAQUOT addr-spec RAQUOT`; no white space within (RFC 4475 section 3.1.2.14).
    private static func bracketedURI(
        _ octets: Span<UInt8>,
        _ scanner: inout Scanner
    ) throws(SIPSyntaxError) -> SIPRequestURI {
        try scanner.expect(UInt8(ascii: "<"), octets)
        let start = scanner.at
        while let octet = scanner.peek(octets), octet != UInt8(ascii: ">") { scanner.at += 1 }
        let range = start..<scanner.at
        try scanner.expect(UInt8(ascii: ">"), octets)
        return try SIPRequestURI.parse(octets, range)
    }

    /// `addr-spec` alone: parameters behind it are the header field's, and it must hold no `,` and no `?` (section 20).
    private static func bareURI(
        _ octets: Span<UInt8>,
        _ scanner: inout Scanner
    ) throws(SIPSyntaxError) -> SIPRequestURI {
        let start = scanner.at
        scanner.skip(bareURICharacters, octets)
        guard scanner.peek(octets) != UInt8(ascii: "?") else { throw scanner.failure(.uri) }
        return try SIPRequestURI.parse(octets, start..<scanner.at)
    }

    private static let bareURICharacters = Grammar.absoluteURI.subtracting(OctetSet(",;?"))
}
