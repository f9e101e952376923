import Octets

/// A challenge or the answer to one (RFC 3261 sections 20.7, 20.27, 20.28, 20.44; RFC 7616), of whatever scheme:
/// `Digest realm="atlanta.example", nonce="84a4cc6f", algorithm=SHA-256`.
///
/// Those of the scheme Digest are read further as ``SIPDigestChallenge`` and ``SIPDigestCredentials``.
public struct SIPAuthorization: Hashable, Sendable, CustomStringConvertible {
    public var scheme: String
    public var parameters: SIPParameters
    /// What a scheme without parameters has instead: `Basic QWxhZGRpbjpvcGVu`.
    public var credentials: String?

    public init(_ scheme: String, parameters: SIPParameters = SIPParameters(), credentials: String? = nil) {
        self.scheme = scheme
        self.parameters = parameters
        self.credentials = credentials
    }

    /// Reads a header field's value; nil if it is none.
    public init?(_ text: String) {
        let octets = text.utf8.span
        var scanner = Scanner(octets)
        do throws(SIPSyntaxError) {
            self = try Self.parse(octets, &scanner)
            try scanner.finish(octets)
        } catch {
            return nil
        }
    }

    public var description: String {
        var octets = Array(Grammar.token(of: scheme).utf8)
        octets.append(ASCII.space)
        if let credentials { octets.append(text: credentials) }
        for (index, parameter) in parameters.elements.enumerated() {
            if index > 0 { octets.append(text: ", ") }
            parameter.write(into: &octets)
        }
        return String(decoding: octets, as: UTF8.self)
    }

    static func parse(
        _ octets: Span<UInt8>,
        _ scanner: inout Scanner
    ) throws(SIPSyntaxError) -> SIPAuthorization {
        scanner.skipBlanks(octets)
        let scheme = try scanner.text(Grammar.token, octets)
        scanner.skipBlanks(octets)
        if let credentials = bareCredentials(octets, scanner) {
            scanner.at = scanner.end
            return SIPAuthorization(scheme, credentials: credentials)
        }
        var elements: [SIPParameter] = []
        repeat {
            elements.append(try SIPParameters.parameter(octets, &scanner))
        } while scanner.takeSeparator(UInt8(ascii: ","), octets)
        return SIPAuthorization(scheme, parameters: SIPParameters(elements))
    }

    /// `token68` (RFC 7235 section 2.1): one run to the end, in which a `=` comes only as padding.
    private static func bareCredentials(_ octets: Span<UInt8>, _ start: Scanner) -> String? {
        var scanner = start
        scanner.skip(.alphanumeric.union(OctetSet("-._~+/")), octets)
        guard scanner.at > start.at else { return nil }
        while scanner.take(UInt8(ascii: "="), octets) {}
        let range = start.at..<scanner.at
        scanner.skipBlanks(octets)
        return scanner.isAtEnd ? String(repairing: octets.extracting(range)) : nil
    }
}
