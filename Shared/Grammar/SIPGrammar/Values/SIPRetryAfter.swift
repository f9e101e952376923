import Octets

/// The value of Retry-After (RFC 3261 section 20.33): `120 (I'm in a meeting);duration=3600`.
public struct SIPRetryAfter: Hashable, Sendable, CustomStringConvertible {
    public var seconds: UInt32
    /// What people are told, without the brackets.
    public var comment: String?
    public var parameters: SIPParameters

    public init(_ seconds: UInt32, comment: String? = nil, parameters: SIPParameters = SIPParameters()) {
        self.seconds = seconds
        self.comment = comment
        self.parameters = parameters
    }

    public var description: String {
        var octets = Array("\(seconds)".utf8)
        if let comment {
            octets.append(text: " (")
            for octet in comment.utf8 {
                if Self.special.contains(octet) { octets.append(ASCII.backslash) }
                octets.append(octet)
            }
            octets.append(text: ")")
        }
        parameters.write(into: &octets)
        return String(decoding: octets, as: UTF8.self)
    }

    private static let special = OctetSet("()\\")

    static func parse(_ octets: Span<UInt8>, _ scanner: inout Scanner) throws(SIPSyntaxError) -> SIPRetryAfter
    {
        scanner.skipBlanks(octets)
        let seconds = try scanner.number(octets, atMost: UInt64(UInt32.max))
        scanner.skipBlanks(octets)
        var value = SIPRetryAfter(UInt32(seconds))
        if scanner.peek(octets) == UInt8(ascii: "(") { value.comment = try comment(octets, &scanner) }
        value.parameters = try SIPParameters.parse(octets, &scanner)
        return value
    }

    /// `comment`, which may hold comments; the outer brackets are left out.
    private static func comment(
        _ octets: Span<UInt8>,
        _ scanner: inout Scanner
    ) throws(SIPSyntaxError) -> String {
        var text: [UInt8] = []
        var depth = 0
        while let octet = scanner.peek(octets) {
            scanner.at += 1
            switch octet {
            case ASCII.backslash:
                guard let quoted = scanner.peek(octets) else { throw scanner.failure() }
                text.append(quoted)
                scanner.at += 1
                continue
            case UInt8(ascii: "("):
                depth += 1
                if depth == 1 { continue }
            case UInt8(ascii: ")"):
                depth -= 1
                if depth == 0 { return String(repairing: text.span) }
            default: break
            }
            text.append(octet)
        }
        throw scanner.failure()
    }
}
