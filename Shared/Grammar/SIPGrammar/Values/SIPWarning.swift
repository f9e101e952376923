import Octets

/// One Warning value (RFC 3261 section 20.43): `399 gw.example.com "no common media"`.
public struct SIPWarning: Hashable, Sendable, CustomStringConvertible {
    public var code: Int
    /// The host or pseudonym of who warns.
    public var agent: String
    public var text: String

    public init(_ code: Int, agent: String, text: String) {
        self.code = code
        self.agent = agent
        self.text = text
    }

    public var description: String {
        var octets = Array("\(code) \(agent) ".utf8)
        Quoting.write(text, into: &octets)
        return String(decoding: octets, as: UTF8.self)
    }

    static func parse(_ octets: Span<UInt8>, _ scanner: inout Scanner) throws(SIPSyntaxError) -> SIPWarning {
        scanner.skipBlanks(octets)
        let digits = try scanner.run(.digit, octets)
        guard digits.count == 3, let code = ASCII.decimal(octets.extracting(digits)), code >= 100 else {
            throw scanner.failure()
        }
        scanner.skipBlanks(octets)
        let agent = try scanner.text(Grammar.value, octets)
        scanner.skipBlanks(octets)
        let range = try scanner.quotedString(octets)
        return SIPWarning(Int(code), agent: agent, text: Quoting.text(of: octets, range))
    }
}
