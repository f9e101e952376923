import Octets

/// One Via value: a hop that a request took and its response takes back (RFC 3261 section 20.42, RFC 3581).
///
/// `SIP/2.0/UDP pc33.atlanta.example:5060;branch=z9hG4bK776asdhds;rport`
public struct SIPVia: Hashable, Sendable, CustomStringConvertible {
    /// `SIP/2.0`, unless somebody speaks another.
    public private(set) var sentProtocol: String
    /// The transport in capitals: `UDP`.
    public var transport: String
    public var host: SIPHost
    public var port: Int?
    public var parameters: SIPParameters

    public init(
        transport: String,
        host: SIPHost,
        port: Int? = nil,
        parameters: SIPParameters = SIPParameters()
    ) {
        sentProtocol = "SIP/2.0"
        self.transport = ASCII.uppercased(transport)
        self.host = host
        self.port = port
        self.parameters = parameters
    }

    /// Begins the branch of everyone who follows RFC 3261 (section 8.1.1.7).
    public static let magicCookie = "z9hG4bK"

    public var branch: String? {
        get { parameters.value("branch") }
        set { assign("branch", newValue) }
    }

    /// Whether the branch alone names the transaction: it has the cookie and something behind it.
    public var hasUniqueBranch: Bool {
        guard let branch else { return false }
        return branch.utf8.count > Self.magicCookie.utf8.count
            && branch.utf8.starts(with: Self.magicCookie.utf8)
    }

    /// The address that the request came from, without brackets (RFC 3261 section 18.2.1, RFC 5118 section 4.5).
    public var received: String? {
        get {
            guard let value = parameters.value("received") else { return nil }
            return String(decoding: value.utf8.filter { !Self.brackets.contains($0) }, as: UTF8.self)
        }
        set { assign("received", newValue) }
    }

    /// Whether the sender asked for, or got, the port that the request came from (RFC 3581).
    public var hasRport: Bool { parameters.contains("rport") }

    /// The port that the request came from; nil if it is not known yet.
    ///
    /// Setting nil leaves the bare request for it.
    public var rport: Int? {
        get { parameters.value("rport").flatMap { Int($0) } }
        set { parameters.set("rport", newValue.map { String($0) }) }
    }

    public var ttl: Int? { parameters.value("ttl").flatMap { Int($0) } }

    public var maddr: String? {
        parameters.value("maddr").map {
            String(decoding: $0.utf8.filter { !Self.brackets.contains($0) }, as: UTF8.self)
        }
    }

    private static let brackets = OctetSet("[]")

    private mutating func assign(_ name: String, _ value: String?) {
        guard let value else { return parameters.remove(name) }
        parameters.set(name, value)
    }

    public var description: String {
        var octets: [UInt8] = []
        write(into: &octets)
        return String(decoding: octets, as: UTF8.self)
    }

    public func write(into octets: inout [UInt8]) {
        octets.append(text: sentProtocol)
        octets.append(UInt8(ascii: "/"))
        octets.append(text: Grammar.token(of: transport))
        octets.append(ASCII.space)
        host.write(into: &octets)
        if let port {
            octets.append(UInt8(ascii: ":"))
            octets.append(decimal: port)
        }
        parameters.write(into: &octets)
    }

    static func parse(_ octets: Span<UInt8>, _ scanner: inout Scanner) throws(SIPSyntaxError) -> SIPVia {
        scanner.skipBlanks(octets)
        let name = try scanner.text(Grammar.token, octets)
        guard scanner.takeSeparator(UInt8(ascii: "/"), octets) else { throw scanner.failure() }
        let version = try scanner.text(Grammar.token, octets)
        guard scanner.takeSeparator(UInt8(ascii: "/"), octets) else { throw scanner.failure() }
        let transport = try scanner.text(Grammar.token, octets)
        let gap = scanner.at
        scanner.skipBlanks(octets)
        guard scanner.at > gap else { throw scanner.failure() }
        var via = SIPVia(transport: transport, host: try SIPHost.parse(octets, &scanner))
        if name != "SIP" || version != "2.0" { via.sentProtocol = "\(ASCII.uppercased(name))/\(version)" }
        if scanner.takeSeparator(UInt8(ascii: ":"), octets) {
            via.port = try SIPHost.parsePort(octets, &scanner)
        }
        via.parameters = try SIPParameters.parse(octets, &scanner)
        return via
    }
}
