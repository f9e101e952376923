import Octets

// Conforms: RFC 3261 §19.1 (complete)

/// A SIP, SIPS, IM or PRES URI (RFC 3261 section 19.1, RFC 3860, RFC 3859):
/// `sip:user:password@host:port;uri-parameters?headers`.
///
/// `==` compares spellings, letter case of scheme, host and parameter names aside; ``isEquivalent(to:)`` compares
/// as RFC 3261 does.
public struct SIPURI: Hashable, Sendable, CustomStringConvertible {
    public enum Scheme: String, Hashable, Sendable, CaseIterable {
        case sip
        case sips
        case im
        case pres
    }

    public var scheme: Scheme
    /// The user part as it is spelt, escapes and all.
    public var user: String?
    public var password: String?
    public var host: SIPHost
    public var port: Int?
    /// Raw: escapes are undecoded.
    public var parameters: SIPParameters
    /// What stands behind the `?`, raw.
    public var headers: String?

    public init(
        _ scheme: Scheme = .sip,
        user: String? = nil,
        password: String? = nil,
        host: SIPHost,
        port: Int? = nil,
        parameters: SIPParameters = SIPParameters(),
        headers: String? = nil
    ) {
        self.scheme = scheme
        self.user = user
        self.password = password
        self.host = host
        self.port = port
        self.parameters = parameters
        self.headers = headers
    }

    /// Reads a URI; nil if the text is none of these schemes or not well-formed.
    public init?(_ text: String) {
        guard let uri = try? SIPURI.parse(text) else { return nil }
        self = uri
    }

    public var isSecure: Bool { scheme == .sips }

    /// The octets that the user part means, unescaped once (RFC 4475 section 3.1.1.3).
    public var decodedUser: [UInt8]? {
        guard let user else { return nil }
        return PercentCoding.decode(user)
    }

    /// The value of the `transport` parameter, in small letters.
    public var transport: String? { parameters.value("transport").map { ASCII.lowercased($0) } }

    /// Whether this is the URI of a loose router (RFC 3261 section 16.12.1).
    public var isLooseRouter: Bool { parameters.contains("lr") }

    public var description: String {
        var octets: [UInt8] = []
        write(into: &octets)
        return String(decoding: octets, as: UTF8.self)
    }

    /// Writes the URI, percent-encoding what a part may not hold, so that what comes out is one URI.
    public func write(into octets: inout [UInt8]) {
        octets.append(text: scheme.rawValue)
        octets.append(UInt8(ascii: ":"))
        if let user, !user.isEmpty {
            Grammar.write(user, keeping: Grammar.user, into: &octets)
            if let password {
                octets.append(UInt8(ascii: ":"))
                Grammar.write(password, keeping: Grammar.password, into: &octets)
            }
            octets.append(UInt8(ascii: "@"))
        }
        host.write(into: &octets)
        if let port {
            octets.append(UInt8(ascii: ":"))
            octets.append(decimal: port)
        }
        parameters.writeURI(into: &octets)
        if let headers, !headers.isEmpty {
            octets.append(UInt8(ascii: "?"))
            Grammar.write(headers, keeping: Grammar.uriHeaders, into: &octets)
        }
    }
}

extension SIPURI {
    /// Reads a whole text.
    public static func parse(_ text: String) throws(SIPSyntaxError) -> SIPURI {
        guard case .sip(let uri) = try SIPRequestURI.parse(text) else { throw SIPSyntaxError(.uri) }
        return uri
    }

    /// Reads what follows the scheme's colon, to the end of the scanner.
    static func parse(
        _ scheme: Scheme,
        _ octets: Span<UInt8>,
        _ scanner: inout Scanner
    ) throws(SIPSyntaxError) -> SIPURI {
        var user: String?
        var password: String?
        if hasUserInfo(octets, scanner) {
            user = try scanner.escapedText(Grammar.user, octets)
            if scanner.take(UInt8(ascii: ":"), octets) {
                let start = scanner.at
                scanner.skip(Grammar.password, octets)
                try scanner.checkEscapes(start..<scanner.at, octets)
                password = String(repairing: octets.extracting(start..<scanner.at))
            }
            try scanner.expect(UInt8(ascii: "@"), octets)
        }
        var uri = SIPURI(scheme, user: user, password: password, host: try SIPHost.parse(octets, &scanner))
        if scanner.take(UInt8(ascii: ":"), octets) { uri.port = try SIPHost.parsePort(octets, &scanner) }
        uri.parameters = try SIPParameters.parseURI(octets, &scanner)
        if scanner.take(UInt8(ascii: "?"), octets) {
            uri.headers = try scanner.escapedText(Grammar.uriHeaders, octets)
        }
        guard scanner.isAtEnd else { throw scanner.failure() }
        return uri
    }

    /// Whether there is a user part: the first `@` ends it, unless embedded headers brought it.
    private static func hasUserInfo(_ octets: Span<UInt8>, _ scanner: Scanner) -> Bool {
        for index in scanner.at..<scanner.end where octets[index] == UInt8(ascii: "@") { return true }
        return false
    }
}
